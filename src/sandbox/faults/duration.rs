//! Durations as text: `300ms`, `2s`.

use std::time::Duration;

/// Reads `300ms`, `1.5s` and the like.
pub fn parse(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(unit);
    let number: f64 = number.trim_end().parse().ok()?;
    let seconds = match unit {
        "ms" => number / 1_000.0,
        "s" => number,
        _ => return None,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

/// Writes a duration so that it is read back as the same one, to the nanosecond.
pub fn write(duration: Duration) -> String {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    let decimals = |whole: u128, rest: String, unit: &str| {
        let rest = rest.trim_end_matches('0');
        let point = if rest.is_empty() { "" } else { "." };
        format!("{whole}{point}{rest}{unit}")
    };
    if seconds > 0 && nanos == 0 {
        format!("{seconds}s")
    } else {
        let rest = format!("{:06}", nanos % 1_000_000);
        decimals(duration.as_millis(), rest, "ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (nanos, text) in [
            (0, "0ms"),
            (300_000_000, "300ms"),
            (2_000_000_000, "2s"),
            (1_500_000_000, "1500ms"),
            (250_000, "0.25ms"),
            (1, "0.000001ms"),
            (60_000_000_001, "60000.000001ms"),
        ] {
            let duration = Duration::from_nanos(nanos);
            assert_eq!(write(duration), text);
            assert_eq!(parse(text), Some(duration), "{text}");
        }
        assert_eq!(parse("1.5s"), Some(Duration::from_millis(1_500)));
    }

    #[test]
    fn what_has_no_unit_or_no_sense_is_no_duration() {
        for text in [
            "", "300", "ms", "-1s", "1 h", "1e99s", "NaNs", "1ms2", "1sms",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
