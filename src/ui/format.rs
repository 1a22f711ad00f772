//! How figures read. Pure functions, one way to write each kind of number.

use std::time::Duration;

const SECOND_MS: f64 = 1000.0;
const MINUTE_SECS: u64 = 60;
const HOUR_SECS: u64 = 60 * MINUTE_SECS;
const DAY_SECS: u64 = 24 * HOUR_SECS;

/// With thousands separators: `3,000`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// In milliseconds, however long: `84 ms`, `6,214 ms`, `0.4 ms`. For columns, where numbers are compared.
pub fn millis(time: Duration) -> String {
    format!("{} ms", millis_number(time))
}

/// Like [`millis`], without the unit.
pub fn millis_number(time: Duration) -> String {
    let ms = time.as_secs_f64() * SECOND_MS;
    if ms > 0.0 && ms < 1.0 {
        // A measured time is never shown as nothing.
        return if ms < 0.1 {
            "<0.1".to_owned()
        } else {
            format!("{ms:.1}")
        };
    }
    count(ms.round() as u64)
}

/// In the unit that reads best: `84 ms`, `18.1 s`, `2 min 5 s`. For sentences.
pub fn brief(time: Duration) -> String {
    let secs = time.as_secs_f64();
    if secs < 0.9995 {
        millis(time)
    } else if secs < 99.95 {
        format!("{secs:.1} s")
    } else {
        let whole = secs.round() as u64;
        format!(
            "{} min {} s",
            count(whole / MINUTE_SECS),
            whole % MINUTE_SECS
        )
    }
}

/// As people type a duration: `500 ms`, `2 s`, `1.5 s`.
pub fn setting(time: Duration) -> String {
    let ms = time.as_millis();
    if ms > 0 && ms.is_multiple_of(100) && ms >= 1000 {
        let secs = ms as f64 / SECOND_MS;
        format!("{secs} s")
    } else {
        format!("{ms} ms")
    }
}

/// What a person typed for a duration: `500 ms`, `500`, `2s`, `1.5 s`, `2 min`. A bare number is in milliseconds.
pub fn parse_setting(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit_at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let number: f64 = number.parse().ok()?;
    let secs = match unit.trim() {
        "" | "ms" => number / SECOND_MS,
        "s" => number,
        "m" | "min" => number * MINUTE_SECS as f64,
        _ => return None,
    };
    Duration::try_from_secs_f64(secs).ok()
}

/// In units of 1,000: `214 kB`, `1.2 MB`, `38 MB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let mut value = n as f64 / 1000.0;
    let mut unit = 0;
    // 999.5 would be written as 1000.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if value < 9.95 {
        format!("{value:.1} {}", UNITS[unit])
    } else {
        format!("{value:.0} {}", UNITS[unit])
    }
}

/// How long ago: `just now`, `4 s ago`, `2 min ago`, `3 h ago`, `5 d ago`.
pub fn age(age: Duration) -> String {
    match age.as_secs() {
        0 | 1 => "just now".to_owned(),
        secs @ ..MINUTE_SECS => format!("{secs} s ago"),
        secs @ ..HOUR_SECS => format!("{} min ago", secs / MINUTE_SECS),
        secs @ ..DAY_SECS => format!("{} h ago", secs / HOUR_SECS),
        secs => format!("{} d ago", count(secs / DAY_SECS)),
    }
}

/// Time of day to the millisecond, from the time since midnight: `10:42:01.611`.
pub fn clock(since_midnight: Duration) -> String {
    format!(
        "{}.{:03}",
        clock_secs(since_midnight),
        since_midnight.subsec_millis()
    )
}

/// Time of day to the second: `10:42:01`.
pub fn clock_secs(since_midnight: Duration) -> String {
    let secs = since_midnight.as_secs() % DAY_SECS;
    let (h, m, s) = (
        secs / HOUR_SECS,
        secs % HOUR_SECS / MINUTE_SECS,
        secs % MINUTE_SECS,
    );
    format!("{h:02}:{m:02}:{s:02}")
}

/// How many times as much: `9.4 ×`.
pub fn factor(factor: f64) -> String {
    if factor < 99.95 {
        format!("{factor:.1} ×")
    } else {
        format!("{} ×", count(factor.round() as u64))
    }
}

/// `1 call`, `2 calls`, `3,000 calls`.
pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn thousands_are_separated() {
        let written = [0, 7, 999, 1000, 12_000, 1_234_567].map(count);
        assert_eq!(written, ["0", "7", "999", "1,000", "12,000", "1,234,567"]);
    }

    #[test]
    fn milliseconds_stay_milliseconds() {
        assert_eq!(
            [ms(0), ms(84), ms(6214)].map(millis),
            ["0 ms", "84 ms", "6,214 ms"]
        );
        assert_eq!(millis(Duration::from_micros(420)), "0.4 ms");
        assert_eq!(millis(Duration::from_micros(3)), "<0.1 ms");
    }

    #[test]
    fn brief_times_choose_their_unit() {
        let written = [ms(84), ms(999), ms(1000), ms(18_120), ms(125_000)].map(brief);
        assert_eq!(written, ["84 ms", "999 ms", "1.0 s", "18.1 s", "2 min 5 s"]);
    }

    #[test]
    fn a_setting_reads_back_as_what_it_was() {
        for time in [0, 1, 500, 1000, 1250, 1500, 2000, 60_000].map(ms) {
            assert_eq!(
                parse_setting(&setting(time)),
                Some(time),
                "{}",
                setting(time)
            );
        }
        assert_eq!(parse_setting(" 2s "), Some(ms(2000)));
        assert_eq!(parse_setting("300"), Some(ms(300)));
        assert_eq!(parse_setting("2 min"), Some(ms(120_000)));
        for wrong in ["", "fast", "-3 s", "3 h", "1e9"] {
            assert_eq!(parse_setting(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn bytes_have_two_digits_of_meaning() {
        let written = [0, 999, 1100, 9960, 214_000, 999_600, 1_200_000, 38_000_000].map(bytes);
        let expected = [
            "0 B", "999 B", "1.1 kB", "10 kB", "214 kB", "1.0 MB", "1.2 MB", "38 MB",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn ages_use_one_unit() {
        let written = [0, 4, 61, 7200, 260_000].map(|secs| age(Duration::from_secs(secs)));
        assert_eq!(
            written,
            ["just now", "4 s ago", "1 min ago", "2 h ago", "3 d ago"]
        );
    }

    #[test]
    fn the_clock_wraps_at_midnight() {
        let at = Duration::from_millis(((10 * 60 + 42) * 60 + 1) * 1000 + 611);
        assert_eq!(clock(at), "10:42:01.611");
        assert_eq!(clock_secs(at + Duration::from_secs(DAY_SECS)), "10:42:01");
    }

    #[test]
    fn factors_and_plurals_read_well() {
        assert_eq!([9.389, 120.4].map(factor), ["9.4 ×", "120 ×"]);
        assert_eq!(plural(1, "call", "calls"), "1 call");
        assert_eq!(plural(1204, "call", "calls"), "1,204 calls");
    }
}
