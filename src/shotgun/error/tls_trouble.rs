//! What stands in the way of a secure connection, sorted by what one can do about it.

/// What is wrong with a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TlsTrouble {
    /// The server's certificate was good until a day that has passed.
    Expired,
    /// The server's certificate is good from a day on that is yet to come.
    NotYetValid,
    /// The server's certificate is for hosts of other names.
    WrongName,
    /// Nobody we trust has signed the server's certificate.
    Untrusted,
    /// The server's certificate is bad in another way: revoked, broken, or meant for something else.
    BadCertificate,
    /// This machine has no list of those whom one may trust.
    NoAuthorities,
    /// What answers does not speak TLS at all.
    NotTls,
    /// The server speaks TLS, and none that we accept: usually an old version.
    Incompatible,
    /// The connection ended before the handshake did.
    BrokenOff,
    /// Anything else.
    Other,
}

impl TlsTrouble {
    /// What to do, in one sentence.
    pub(in crate::shotgun) const fn advice(self) -> &'static str {
        match self {
            Self::Expired => {
                "If the date of this machine is right, ask whoever runs the site to renew its certificate."
            }
            Self::NotYetValid => {
                "Set the clock of this machine; if it is right, tell whoever runs the site."
            }
            Self::WrongName => {
                "Use one of the names in the certificate as the address of the site, or tell whoever runs it."
            }
            Self::Untrusted => {
                "If your studio signs its own certificates, name its CA file in SHOTGUN_API_CACERTS; if not, someone may be reading along: ask whoever runs the network."
            }
            Self::BadCertificate => "Tell whoever runs the site: its certificate must be replaced.",
            Self::NoAuthorities => {
                "Install the certificates of the operating system (ca-certificates), or name a CA file in SHOTGUN_API_CACERTS."
            }
            Self::NotTls => {
                "Check the port, and whether the site is on http:// rather than https://."
            }
            Self::Incompatible => {
                "The server or a proxy in between is too old: tell whoever runs it."
            }
            Self::BrokenOff => {
                "Try again; if it stays, check the port and any proxy or firewall in between."
            }
            Self::Other => {
                "Check the date of this machine, the certificate of the server, and any proxy in between."
            }
        }
    }

    /// Whether the same handshake may succeed in a moment. Certificates do not change by themselves.
    pub(in crate::shotgun) const fn is_passing(self) -> bool {
        matches!(self, Self::BrokenOff)
    }
}
