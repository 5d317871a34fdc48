using System.CommandLine;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync runs</c></summary>
internal sealed class RunsCommand : WitnessCommand
{
    private readonly Option<int> _limit = new("--limit")
    {
        Description = "how many (20)",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };
    private readonly Option<bool> _failed = new("--failed") { Description = "only those that failed or were refused" };

    public RunsCommand(Surroundings surroundings)
        : base("runs", "the latest transfers and repairs, newest first", surroundings)
    {
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
                result.AddError("--limit is from 1 to 1000.");
        });
        Add(_limit);
        Add(_failed);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var failed = request.Parse.GetValue(_failed);
        var limit = request.Parse.GetValue(_limit);
        var runs = await request.Witness.RunsAsync(failed ? 1000 : limit, cancellation);
        if (failed)
            runs = [.. runs.Where(r => r.State is InstructionState.Failed or InstructionState.Refused).Take(limit)];
        request.Screen.Data(runs, json => json.IReadOnlyListRunResource);
        if (runs.Count == 0)
            request.Screen.Line(failed ? "Nothing has failed." : "Nothing has run yet.");
        else
            request.Screen.Table(RunTable.Of(runs, Surroundings.Time.GetUtcNow()));
        return ExitCodes.Ok;
    }
}
