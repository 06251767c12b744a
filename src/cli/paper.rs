//! What is written about the command line itself: completions for shells, pages for `man`.

use std::io;
use std::path::Path;

use clap::{Command, CommandFactory, ValueEnum};
use clap_complete::Shell as Known;
use clap_complete_nushell::Nushell;
use clap_mangen::Man;

use super::Cli;

/// Shells that complete words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// bash: into ~/.local/share/bash-completion/completions/weir
    Bash,
    /// zsh: into a folder of $fpath, as _weir
    Zsh,
    /// fish: into ~/.config/fish/completions/weir.fish
    Fish,
    /// PowerShell: into $PROFILE
    Powershell,
    /// nushell: into a file that config.nu sources
    Nushell,
    /// elvish: into rc.elv
    Elvish,
}

/// The script with which a shell completes the words of weir.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    let known = match shell {
        Shell::Bash => Known::Bash,
        Shell::Zsh => Known::Zsh,
        Shell::Fish => Known::Fish,
        Shell::Powershell => Known::PowerShell,
        Shell::Elvish => Known::Elvish,
        Shell::Nushell => {
            clap_complete::generate(Nushell, &mut command, "weir", &mut script);
            return script;
        }
    };
    clap_complete::generate(known, &mut command, "weir", &mut script);
    script
}

/// The page of weir, or of one of its commands; `None` if there is no such command.
///
/// # Errors
/// What the writer says.
pub(crate) fn page(command: Option<&str>) -> io::Result<Option<Vec<u8>>> {
    let wanted = command.map_or("weir".to_owned(), |name| format!("weir-{name}"));
    let found = pages().into_iter().find(|page| page.get_name() == wanted);
    let written = |page: Command| {
        let mut written = Vec::new();
        Man::new(page).render(&mut written).map(|()| written)
    };
    found.map(written).transpose()
}

/// Writes all pages into a folder: `weir.1`, `weir-report.1` and so on.
///
/// # Errors
/// Where the folder or a file cannot be written.
pub(crate) fn write_pages(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for page in pages() {
        let name = format!("{}.1", page.get_name());
        let mut file = std::fs::File::create(folder.join(name))?;
        Man::new(page).render(&mut file)?;
    }
    Ok(())
}

/// weir itself, then each command under its full name with the options that all have.
fn pages() -> Vec<Command> {
    let mut weir = Cli::command();
    weir.build();
    let commands: Vec<Command> = weir
        .get_subcommands()
        .filter(|one| !one.is_hide_set() && one.get_name() != "help")
        .map(|one| {
            let name: &'static str = format!("weir-{}", one.get_name()).leak();
            one.clone().name(name).display_name(name)
        })
        .collect();
    std::iter::once(weir).chain(commands).collect()
}
