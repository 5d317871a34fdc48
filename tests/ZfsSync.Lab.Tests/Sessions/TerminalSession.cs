using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.Sessions;

/// <summary>
/// What a person types and sees, as a page of docs/sessions. With ZFS_SYNC_RECORD=1 the page is written; otherwise the
/// commands on it must be the ones that were typed here.
/// </summary>
internal sealed partial class TerminalSession(string name, string title, string introduction)
{
    private static readonly bool Records = Environment.GetEnvironmentVariable("ZFS_SYNC_RECORD") == "1";

    private readonly StringBuilder _screen = new();
    private readonly List<string> _typed = [];
    private readonly long _started = TimeProvider.System.GetTimestamp();

    private string File => Path.Combine(LabScript.Checkout, "docs", "sessions", $"{name}.md");

    /// <summary>Types a line as root of a VM and waits for its end, which must be a success.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> TypeAsync(LabVm vm, string line)
    {
        // As on a terminal, where both outputs come in the order they were written.
        var result = await vm.TryAsync($"{{ {line}\n}} 2>&1");
        Show(vm, line, result.Output);
        result.ExitCode.ShouldBe(0, $"{line}\n{result.Output}");
        return result.Output;
    }

    /// <summary>A line that was typed in some other way, and what it printed.</summary>
    public void Show(LabVm? vm, string line, string printed)
    {
        var typed = $"{(vm is null ? "~$" : ShortName(vm) + "#")} {Masked(line)}";
        _typed.Add(typed);
        _screen.AppendLine(typed);
        if (printed.Length > 0)
            _screen.AppendLine(
                string.Join('\n', Masked(printed).TrimEnd().Split('\n').Select(shown => shown.TrimEnd()))
            );
    }

    public void Comment(string text) => _screen.AppendLine().AppendLine($"# {text}");

    /// <summary>Writes the page, or checks the one that is there.</summary>
    public async Task EndAsync()
    {
        if (Records)
        {
            var seconds = TimeProvider.System.GetElapsedTime(_started).TotalSeconds;
            await System.IO.File.WriteAllTextAsync(
                File,
                $"# {title}\n\n{introduction}\nRecorded by the test `FirstHour` (with `ZFS_SYNC_RECORD=1`) in {seconds:0} seconds, on machines emulated in software.\n\n"
                    + $"```console\n{_screen.ToString().Trim()}\n```\n"
            );
            return;
        }
        var page = await System.IO.File.ReadAllLinesAsync(File);
        page.Where(line => Prompt().IsMatch(line))
            .ShouldBe(_typed, $"{File} shows other commands: record it again with ZFS_SYNC_RECORD=1.");
    }

    private static string ShortName(LabVm vm) => vm.Name[..vm.Name.IndexOf('-', StringComparison.Ordinal)];

    /// <summary>Without the suite in the hosts' names, and without keys, which differ every time.</summary>
    private static string Masked(string text) =>
        Key()
            .Replace(
                text.Replace("-trixie", "", StringComparison.Ordinal)
                    .Replace("-bookworm", "", StringComparison.Ordinal),
                "$1…"
            );

    [GeneratedRegex(@"\b([a-z]{2}_)[A-Za-z0-9_-]{20,}")]
    private static partial Regex Key();

    [GeneratedRegex(@"^([a-z]+#|~\$) ")]
    private static partial Regex Prompt();
}
