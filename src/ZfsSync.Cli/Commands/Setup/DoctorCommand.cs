using System.CommandLine;
using System.Text.Json.Nodes;
using ZfsSync.Agent.Diagnosis;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Output;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync doctor</c></summary>
internal sealed class DoctorCommand : CliCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "print only data" };
    private readonly AgentSettingOptions _settings = new();

    public DoctorCommand(Surroundings surroundings)
        : base("doctor", "what an agent on this host needs, what is missing, and the command that mends it")
    {
        Notes = ["Run it as the user that the agent runs as. It changes nothing. Exits 0 when nothing fails, else 1."];
        _settings.AddTo(this);
        Add(_json);
        SetAction((parse, cancellation) => RunAsync(surroundings, parse, cancellation));
    }

    private async Task<int> RunAsync(Surroundings surroundings, ParseResult parse, CancellationToken cancellation)
    {
        var access = WitnessAccess.Find(surroundings, null, null, _settings.DataDirectoryOf(parse, surroundings));
        var options = _settings.Read(parse, surroundings, access.Uri);
        using var http = surroundings.Http();
        var prefix = surroundings.Variable("ZFS_SYNC_API_PREFIX") ?? Routes.DefaultPrefix;
        var findings = await Doctor.ExamineAsync(
            options,
            AgentSettingOptions.Runner(surroundings, options),
            identity => WitnessClient.Connect(http, identity.Witness, identity.ApiKey, prefix),
            surroundings.Time,
            cancellation
        );
        Show(new Screen(surroundings, parse.GetValue(_json)), findings);
        return findings.Any(f => f.Level == FindingLevel.Fail) ? ExitCodes.NotInSync : ExitCodes.Ok;
    }

    private static void Show(Screen screen, IReadOnlyList<Finding> findings)
    {
        screen.Data(
            new JsonObject
            {
                ["findings"] = new JsonArray([
                    .. findings.Select(f => new JsonObject
                    {
                        ["level"] = Words.Code(f.Level),
                        ["subject"] = f.Subject,
                        ["text"] = f.Text,
                        ["remedy"] = f.Remedy,
                    }),
                ]),
            }
        );
        foreach (var finding in findings)
        {
            var (word, tone) = finding.Level switch
            {
                FindingLevel.Ok => ("ok  ", Tone.Good),
                FindingLevel.Warn => ("warn", Tone.Warning),
                _ => ("FAIL", Tone.Bad),
            };
            screen.Line($"{word}  {finding.Subject}: {finding.Text}", tone);
            if (finding.Remedy is not null)
                screen.Line($"        {finding.Remedy}");
        }
        var failures = findings.Count(f => f.Level == FindingLevel.Fail);
        screen.Line();
        screen.Line(
            failures == 0 ? "An agent can work here." : $"{Amounts.Count(failures, "thing")} to mend first.",
            failures == 0 ? Tone.Good : Tone.Bad
        );
    }
}
