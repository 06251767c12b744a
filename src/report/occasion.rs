//! What a report is for: the window and the sections that suit it.

use super::Section;

/// The meeting a report is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Each day: what is in progress.
    StandUp,
    /// Each week.
    Weekly,
    /// Each month.
    Monthly,
    /// Each quarter, for leadership.
    Quarterly,
}

impl Occasion {
    /// Days of the window; the time before it, of the same length, is what it is compared with.
    pub fn days(self) -> u32 {
        match self {
            Self::StandUp | Self::Weekly => 7,
            Self::Monthly => 30,
            Self::Quarterly => 90,
        }
    }

    /// The sections, in the order of the page.
    pub fn sections(self) -> Vec<Section> {
        use Section as S;
        let head = [S::Findings, S::Flow];
        let rest: &[Section] = match self {
            Self::StandUp => &[S::Ageing, S::Stages, S::WipAge],
            Self::Weekly => &[
                S::Stages,
                S::Bottleneck,
                S::Throughput,
                S::Ageing,
                S::Quality,
            ],
            Self::Monthly => &[
                S::Phases,
                S::Stages,
                S::Bottleneck,
                S::Throughput,
                S::Cfd,
                S::Ageing,
                S::Forecast,
                S::Handoffs,
                S::Behaviour,
                S::Sle,
                S::Quality,
            ],
            Self::Quarterly => &[
                S::Phases,
                S::Stages,
                S::Bottleneck,
                S::Throughput,
                S::Signals,
                S::Cfd,
                S::Ageing,
                S::WipAge,
                S::Forecast,
                S::Impact,
                S::Handoffs,
                S::Behaviour,
                S::Waste,
                S::Sle,
                S::LittlesLaw,
                S::Quality,
            ],
        };
        [&head, rest].concat()
    }
}
