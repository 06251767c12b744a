//! What the name of a status says, in English, German, French, Spanish, Portuguese, Italian and Dutch.

/// What a name means by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Ended without value, whatever items do there.
    Cancelled,
    /// Refused: an end, or a way back.
    Refused,
    /// Work is stopped.
    Blocked,
    /// Committed and waiting.
    Waiting,
    /// Looked at by someone else: waiting, unless another status says that it waits for that.
    Review,
    /// Finished, whatever items do there.
    Done,
    /// A step is finished: the end if items end there, else a wait for the next step.
    StepDone,
    /// Not committed yet.
    Backlog,
    /// Taken up again.
    Reopened,
    /// Worked on.
    Active,
}

/// Whole names and phrases within names, in the order in which they are looked for.
const PHRASES: &[(Meaning, &[&str])] = &[
    (
        Meaning::Cancelled,
        &[
            "won't",
            "wont",
            "will not",
            "not planned",
            "not a bug",
            "no fix",
            "cannot reproduce",
            "can't reproduce",
            "works as designed",
            "works for me",
            "worksforme",
            "out of scope",
            "wont fix",
            "wont do",
            "wird nicht",
            "nicht umsetzen",
            "sans suite",
            "not doing",
        ],
    ),
    (
        Meaning::Blocked,
        &["on hold", "onhold", "auf eis", "en espera", "em espera"],
    ),
    (
        Meaning::Waiting,
        &[
            "ready for",
            "ready to",
            "waiting",
            "awaiting",
            "to be",
            "to review",
            "to test",
            "to deploy",
            "to release",
            "to verify",
            "to validate",
            "pending",
            "queue",
            "bereit",
            "wartet",
            "warten",
            "wartend",
            "en attente",
            "prêt",
            "à tester",
            "à valider",
            "à livrer",
            "next up",
            "up next",
            "selected for",
            "for review",
            "for test",
            "for release",
            "sprint backlog",
            "needs info",
            "need info",
            "info needed",
            "more info",
            "needs review",
            "needs test",
            "in attesa",
            "listo para",
            "pronto para",
            "pronto per",
            "klaar voor",
        ],
    ),
    (
        Meaning::Reopened,
        &[
            "reopen",
            "re-open",
            "wieder geöffnet",
            "wiedereröffnet",
            "rouvert",
        ],
    ),
    (
        Meaning::Backlog,
        &[
            "to do",
            "backlog",
            "product ideas",
            "à faire",
            "zu erledigen",
            "zu tun",
            "not started",
            "nicht begonnen",
            "por hacer",
            "a fazer",
            "da fare",
            "te doen",
        ],
    ),
    (
        Meaning::Active,
        &[
            "in progress",
            "in arbeit",
            "in bearbeitung",
            "en cours",
            "under way",
            "in development",
            "changes requested",
            "en curso",
            "en progreso",
            "em andamento",
            "em progresso",
            "in corso",
            "in lavorazione",
            "in uitvoering",
        ],
    ),
];

/// Single words.
const WORDS: &[(Meaning, &[&str])] = &[
    (
        Meaning::Cancelled,
        &[
            "cancelled",
            "canceled",
            "cancel",
            "duplicate",
            "duplicated",
            "invalid",
            "abandoned",
            "obsolete",
            "withdrawn",
            "wontfix",
            "wontdo",
            "discarded",
            "aborted",
            "dropped",
            "spam",
            "abgebrochen",
            "storniert",
            "verworfen",
            "duplikat",
            "ungültig",
            "zurückgezogen",
            "annulé",
            "annulée",
            "abandonné",
            "abandonnée",
            "doublon",
            "skipped",
            "descartado",
            "descartada",
            "cancelado",
            "cancelada",
            "annullato",
            "annullata",
            "geannuleerd",
            "vervallen",
            "invalide",
        ],
    ),
    (
        Meaning::Refused,
        &[
            "rejected",
            "declined",
            "denied",
            "refused",
            "failed",
            "failure",
            "abgelehnt",
            "refusé",
            "rejeté",
            "rechazado",
            "rejeitado",
            "rifiutato",
            "afgewezen",
        ],
    ),
    (
        Meaning::Blocked,
        &[
            "blocked",
            "impeded",
            "impediment",
            "hold",
            "paused",
            "stalled",
            "stuck",
            "suspended",
            "blockiert",
            "angehalten",
            "pausiert",
            "bloqué",
            "bloquée",
            "suspendu",
            "bloqueado",
            "bloqueada",
            "bloccato",
            "geblokkeerd",
        ],
    ),
    (
        Meaning::Waiting,
        &[
            "wait",
            "waits",
            "ready",
            "queued",
            "assigned",
            "selected",
            "scheduled",
            "planned",
            "committed",
            "approved",
            "prioritized",
            "prioritised",
            "zugewiesen",
            "geplant",
            "eingeplant",
            "freigegeben",
            "assigné",
            "planifié",
            "unassigned",
            "parked",
            "feedback",
            "pendiente",
            "pendente",
            "wacht",
            "wachtend",
            "asignado",
            "atribuído",
            "assegnato",
            "toegewezen",
        ],
    ),
    (
        Meaning::Review,
        &[
            "review",
            "reviewing",
            "approval",
            "prüfung",
            "revue",
            "relecture",
            "revisión",
            "revisão",
            "revisione",
            "beoordeling",
        ],
    ),
    (
        Meaning::Done,
        &[
            "done",
            "closed",
            "resolved",
            "completed",
            "complete",
            "finished",
            "archived",
            "solved",
            "erledigt",
            "geschlossen",
            "abgeschlossen",
            "fertig",
            "gelöst",
            "terminé",
            "terminée",
            "fermé",
            "clos",
            "clôturé",
            "résolu",
            "fini",
            "succeeded",
            "success",
            "successful",
            "passed",
            "hecho",
            "terminado",
            "terminada",
            "cerrado",
            "completado",
            "concluído",
            "concluída",
            "fechado",
            "fatto",
            "completato",
            "chiuso",
            "klaar",
            "gereed",
            "afgerond",
            "gesloten",
        ],
    ),
    (
        Meaning::StepDone,
        &[
            "fixed",
            "released",
            "deployed",
            "live",
            "delivered",
            "shipped",
            "production",
            "prod",
            "verified",
            "accepted",
            "merged",
            "validated",
            "tested",
            "reviewed",
            "published",
            "implemented",
            "developed",
            "ausgeliefert",
            "veröffentlicht",
            "behoben",
            "umgesetzt",
            "getestet",
            "livré",
            "livrée",
            "publié",
            "déployé",
            "liberado",
            "publicado",
            "entregado",
            "rilasciato",
            "opgeleverd",
        ],
    ),
    (
        Meaning::Backlog,
        &[
            "new",
            "open",
            "opened",
            "todo",
            "idea",
            "ideas",
            "icebox",
            "inbox",
            "funnel",
            "proposed",
            "draft",
            "triage",
            "submitted",
            "reported",
            "created",
            "candidate",
            "someday",
            "later",
            "requested",
            "unstarted",
            "untriaged",
            "neu",
            "offen",
            "idee",
            "eingang",
            "erstellt",
            "gemeldet",
            "nouveau",
            "nouvelle",
            "ouvert",
            "idée",
            "brouillon",
            "nuevo",
            "nueva",
            "abierto",
            "novo",
            "nova",
            "aberto",
            "nuovo",
            "aperto",
            "nieuw",
        ],
    ),
    (
        Meaning::Active,
        &[
            "doing",
            "started",
            "wip",
            "active",
            "activated",
            "running",
            "haciendo",
            "fazendo",
            "bezig",
        ],
    ),
];

/// What a name says; `None` if it only names some work. Of a name in parts ("Accepted/Wait") the
/// last part that says anything counts.
pub(super) fn of(name: &str) -> Option<Meaning> {
    name.rsplit('/').find_map(of_part)
}

fn of_part(part: &str) -> Option<Meaning> {
    let part = apart(part.trim())
        .to_lowercase()
        .replace(['_', '-'], " ")
        .replace('’', "'");
    let words = words(&part);
    let phrase = PHRASES
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| holds(&part, phrase)));
    if let Some((meaning, _)) = phrase {
        return Some(*meaning);
    }
    let known = WORDS
        .iter()
        .find(|(_, known)| words.iter().any(|word| known.contains(word)))?;
    let alone = words.len() == 1;
    match known.0 {
        Meaning::Done if !alone => Some(Meaning::StepDone),
        // "Open PR", "New design": the word does not name the state.
        Meaning::Backlog if words.len() > 2 => None,
        meaning => Some(meaning),
    }
}

/// A name with its words apart: `inProgress` is `in Progress`.
fn apart(name: &str) -> String {
    let mut apart = String::with_capacity(name.len());
    let mut small = false;
    for letter in name.chars() {
        if small && letter.is_uppercase() {
            apart.push(' ');
        }
        small = letter.is_lowercase();
        apart.push(letter);
    }
    apart
}

/// Whether a phrase stands in a name, from the beginning of a word on.
fn holds(name: &str, phrase: &str) -> bool {
    let phrase = phrase.replace('-', " ");
    name.match_indices(&phrase).any(|(at, _)| {
        let before = name[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric())
    })
}

/// The words of a name in lower case.
pub(super) fn words(name: &str) -> Vec<&str> {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Meaning, of};

    #[test]
    fn names_say_what_they_mean() {
        for (name, meaning) in [
            ("Done", Some(Meaning::Done)),
            ("Completed/Closed", Some(Meaning::Done)),
            ("Dev Done", Some(Meaning::StepDone)),
            ("Ready for Release", Some(Meaning::Waiting)),
            ("Review Queue", Some(Meaning::Waiting)),
            ("Code Review", Some(Meaning::Review)),
            ("Accepted/Wait", Some(Meaning::Waiting)),
            ("Accepted/In Progress", Some(Meaning::Active)),
            ("On-Hold", Some(Meaning::Blocked)),
            ("Won’t Do", Some(Meaning::Cancelled)),
            ("DUPLICATE", Some(Meaning::Cancelled)),
            ("Rejected", Some(Meaning::Refused)),
            ("To Do", Some(Meaning::Backlog)),
            ("Selected for Development", Some(Meaning::Waiting)),
            ("Reopened", Some(Meaning::Reopened)),
            ("In Bearbeitung", Some(Meaning::Active)),
            ("Erledigt", Some(Meaning::Done)),
            ("En attente de revue", Some(Meaning::Waiting)),
            ("À faire", Some(Meaning::Backlog)),
            ("inProgress", Some(Meaning::Active)),
            ("ToDo", Some(Meaning::Backlog)),
            ("Feedback", Some(Meaning::Waiting)),
            ("En curso", Some(Meaning::Active)),
            ("Concluído", Some(Meaning::Done)),
            ("Te doen", Some(Meaning::Backlog)),
            ("In attesa", Some(Meaning::Waiting)),
            ("Resolve ticket", None),
            ("Testing", None),
            ("Undone", None),
        ] {
            assert_eq!(of(name), meaning, "{name}");
        }
    }
}
