//! Every screen and everything that lies over one, by the actions that lead there.

use crate::app::Action;

/// Names and ways.
pub(super) const ALL: &[(&str, &[Action])] = &[
    ("stream", &[]),
    ("ageing", &[Action::Ageing, Action::Down]),
    ("flow", &[Action::Flow, Action::Left, Action::Up]),
    ("times", &[Action::Times, Action::Left]),
    ("times_by_stage", &[Action::Times, Action::ByStage]),
    (
        "region",
        &[
            Action::Times,
            Action::Left,
            Action::Region,
            Action::StepBack,
        ],
    ),
    ("throughput", &[Action::Throughput, Action::Left]),
    ("bottleneck", &[Action::Bottleneck, Action::Down]),
    ("forecast", &[Action::Forecast, Action::Right]),
    ("portfolio", &[Action::Portfolio, Action::Right]),
    ("palette", &[Action::Palette]),
    ("view_name", &[Action::SaveView]),
    ("items", &[Action::Throughput, Action::Open, Action::Down]),
    ("item", &[Action::Open, Action::Down]),
    ("sources", &[Action::Sources]),
    ("walk", &[Action::Standup]),
    ("walk_item", &[Action::Standup, Action::NextItem]),
    ("walk_summary", &[Action::Standup, Action::Last]),
    (
        "walk_asks",
        &[
            Action::Standup,
            Action::Rest,
            Action::NextItem,
            Action::Assign,
        ],
    ),
    ("help", &[Action::Help]),
    ("definition", &[Action::Help, Action::Help]),
    ("stages", &[Action::EditStages]),
    ("time", &[Action::Time, Action::EarlierDay]),
    (
        "compare",
        &[Action::Time, Action::EarlierWeek, Action::Compare],
    ),
    (
        "beside_ageing",
        &[
            Action::Time,
            Action::EarlierMonth,
            Action::Compare,
            Action::Open,
            Action::Ageing,
        ],
    ),
    (
        "beside_flow",
        &[
            Action::Time,
            Action::EarlierMonth,
            Action::Compare,
            Action::Open,
            Action::Flow,
        ],
    ),
    (
        "beside_times",
        &[
            Action::Time,
            Action::EarlierMonth,
            Action::Compare,
            Action::Open,
            Action::Times,
        ],
    ),
    (
        "beside_throughput",
        &[
            Action::Time,
            Action::EarlierMonth,
            Action::Compare,
            Action::Open,
            Action::Throughput,
        ],
    ),
    (
        "beside_bottleneck",
        &[
            Action::Time,
            Action::EarlierMonth,
            Action::Compare,
            Action::Open,
            Action::Bottleneck,
        ],
    ),
    (
        "beside_forecast",
        &[
            Action::Time,
            Action::EarlierMonth,
            Action::Compare,
            Action::Open,
            Action::Forecast,
        ],
    ),
    (
        "beside_portfolio",
        &[
            Action::Time,
            Action::EarlierMonth,
            Action::Compare,
            Action::Open,
            Action::Portfolio,
        ],
    ),
    ("date", &[Action::Time, Action::TypeDate]),
    ("filter", &[Action::Filter]),
    ("export", &[Action::Export]),
    ("streams", &[Action::Streams]),
    ("number", &[Action::Forecast, Action::Number]),
];
