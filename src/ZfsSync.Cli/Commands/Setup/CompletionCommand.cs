using System.CommandLine;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync completion SHELL</c></summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish" };

    public CompletionCommand(Surroundings surroundings)
        : base("completion", "the completion script of a shell")
    {
        Examples =
        [
            ("zfs-sync completion bash > /etc/bash_completion.d/zfs-sync", "for everybody with bash"),
            ("zfs-sync completion zsh > \"${fpath[1]}/_zfs-sync\"", "for zsh"),
            ("zfs-sync completion fish > ~/.config/fish/completions/zfs-sync.fish", "for fish"),
        ];
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(_shell);
        SetAction(parse =>
        {
            surroundings.Out.Write(Script(parse.GetRequiredValue(_shell)));
            return ExitCodes.Ok;
        });
    }

    /// <summary>Each asks the program itself, so that a script never lags behind it.</summary>
    private static string Script(string shell) =>
        shell switch
        {
            "bash" => """
                # bash completion for zfs-sync
                _zfs_sync() {
                    local word=${COMP_WORDS[COMP_CWORD]} candidate
                    COMPREPLY=()
                    while IFS= read -r candidate; do
                        [[ $candidate == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$candidate")")
                    done < <(zfs-sync "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
                }
                complete -o default -F _zfs_sync zfs-sync

                """,
            "zsh" => """
                #compdef zfs-sync
                # zsh completion for zfs-sync
                _zfs_sync() {
                    local line="${(j: :)words}"
                    local -a candidates
                    candidates=("${(@f)$(zfs-sync "[suggest:${#line}]" "$line" 2>/dev/null)}")
                    compadd -a candidates
                }
                compdef _zfs_sync zfs-sync

                """,
            _ => """
                # fish completion for zfs-sync
                function __zfs_sync_complete
                    set -l line (commandline -cp)
                    zfs-sync "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
                end
                complete -c zfs-sync -f -a '(__zfs_sync_complete)'

                """,
        };
}
