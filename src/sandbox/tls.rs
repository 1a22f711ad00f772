//! A certificate of the sandbox's own, made when it starts and gone when it stops, and what is needed to serve by it.

use std::io;
use std::sync::Arc;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The names that it is good for.
const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

/// What a site needs to serve https.
pub struct Identity {
    /// The certificate, for clients that are to trust it. No secret.
    pub certificate_pem: String,
    /// With it connections are opened. The key stays inside.
    pub config: Arc<ServerConfig>,
}

impl Identity {
    /// A new one, signed by itself.
    pub fn generate() -> io::Result<Self> {
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = certificate()
            .and_then(|params| params.self_signed(&key))
            .map_err(io::Error::other)?;
        let secret = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // The provider is named, so that nothing depends on who else in the process has chosen one.
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], secret)
            .map_err(io::Error::other)?;
        Ok(Self {
            certificate_pem: certificate.pem(),
            config: Arc::new(config),
        })
    }
}

/// Good from yesterday on, for clocks that are a little off, and for a year: there are clients that refuse longer ones.
fn certificate() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
    let name = "Callboard sandbox";
    params.distinguished_name.push(DnType::CommonName, name);
    let now = Timestamp::now();
    let yesterday = now
        .checked_sub(SignedDuration::from_hours(24))
        .unwrap_or(now);
    let yesterday = Offset::UTC.to_datetime(yesterday).date();
    let (year, month, day) = (yesterday.year(), yesterday.month(), yesterday.day());
    // The 29th of February is not in every year; the 28th is.
    let (month, day) = (month.unsigned_abs(), day.unsigned_abs().min(28));
    params.not_before = rcgen::date_time_ymd(year.into(), month, day);
    params.not_after = rcgen::date_time_ymd(i32::from(year) + 1, month, day);
    Ok(params)
}
