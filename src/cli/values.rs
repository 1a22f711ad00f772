//! Durations, hiccups and shares as people type them.

use std::time::Duration;

/// `300ms` or `2s`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration: write it like 300ms or 2s");
    let (number, unit) = text.split_at(
        text.find(|c: char| c.is_ascii_alphabetic())
            .ok_or_else(wrong)?,
    );
    let number: f64 = number.trim().parse().map_err(|_not_a_number| wrong())?;
    let seconds = match unit {
        "ms" => number / 1_000.0,
        "s" => number,
        _ => return Err(wrong()),
    };
    let duration = Duration::try_from_secs_f64(seconds).map_err(|_out_of_range| wrong())?;
    if duration > Duration::from_mins(10) {
        Err(format!("`{text}` is longer than 10 minutes"))
    } else {
        Ok(duration)
    }
}

/// `5:2s`.
pub(super) fn hiccup(text: &str) -> Result<(u32, Duration), String> {
    let wrong =
        || format!("`{text}` is no hiccup: write it like 5:2s, for 2 s more at every 5th call");
    let (every, pause) = text.split_once(':').ok_or_else(wrong)?;
    match every.parse() {
        Ok(every) if every > 0 => Ok((every, duration(pause)?)),
        _ => Err(wrong()),
    }
}

/// `0.25`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(format!("`{text}` is no share: write a number from 0 to 1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_write_them() {
        assert_eq!(duration("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(duration("2s"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1_500)));
        for wrong in ["", "300", "ms", "-1s", "2 hours", "1e99s", "NaNs", "700s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hiccups_need_a_number_and_a_duration() {
        assert_eq!(hiccup("5:2s"), Ok((5, Duration::from_secs(2))));
        for wrong in ["5", "0:2s", "x:2s", "5:", "5:2"] {
            assert!(hiccup(wrong).is_err(), "{wrong}");
        }
    }
}
