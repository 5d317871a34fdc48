using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Display;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Puts a decision into the wire's terms and into words.</summary>
internal static class DecisionWording
{
    private const int MostListed = 10;

    public static DecisionKind KindOf(ReplicationDecision decision) =>
        decision switch
        {
            UpToDate => DecisionKind.UpToDate,
            Full => DecisionKind.Full,
            Incremental => DecisionKind.Incremental,
            Resume => DecisionKind.Resume,
            ApprovedRepair or AbortPartial => DecisionKind.Repair,
            Conflict => DecisionKind.Conflict,
            _ => DecisionKind.Nothing,
        };

    public static DecisionView View(ReplicationDecision decision, string targetDataset)
    {
        var steps = StepsOf(decision).Select(Step).ToList();
        return new DecisionView
        {
            Text = Text(decision, targetDataset),
            Evidence = Evidence(decision),
            Repairs = decision is Conflict conflict ? [.. conflict.Repairs.Select(Option)] : [],
            Steps = steps,
            EstimatedBytes = Estimate(steps),
        };
    }

    public static IReadOnlyList<SendStep> StepsOf(ReplicationDecision decision) =>
        decision switch
        {
            Full full => full.Steps,
            Incremental incremental => incremental.Steps,
            Resume resume => [resume.Step],
            _ => [],
        };

    public static InstructionStep Step(SendStep step) =>
        step switch
        {
            SendStep.Full full => new InstructionStep
            {
                Kind = StepKind.Full,
                ToGuid = full.To.Guid,
                ToName = full.To.Label,
                EstimatedBytes = full.EstimatedBytes ?? full.To.ReferencedBytes,
            },
            SendStep.Incremental increment => new InstructionStep
            {
                Kind = StepKind.Incremental,
                FromGuid = increment.From.Guid,
                FromName = increment.From.Label,
                FromBookmark = increment.From.IsBookmark,
                ToGuid = increment.To.Guid,
                ToName = increment.To.Label,
                EstimatedBytes = increment.EstimatedBytes,
            },
            SendStep.Range range => new InstructionStep
            {
                Kind = StepKind.Range,
                FromGuid = range.From.Guid,
                FromName = range.From.Label,
                ToGuid = range.EndGuid,
                ToName = range.Arriving[^1].Label,
                ArrivingGuids = [.. range.Arriving.Select(s => s.Guid)],
                EstimatedBytes = range.EstimatedBytes,
            },
            SendStep.Resume resume => new InstructionStep
            {
                Kind = StepKind.Resume,
                ToGuid = resume.Token.ToGuid,
                ToName = resume.Token.ToName[(resume.Token.ToName.IndexOf('@', StringComparison.Ordinal) + 1)..],
                Token = resume.Token.Text,
                EstimatedBytes = resume.EstimatedBytes,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "not a step of this version"),
        };

    public static RepairOption Option(Repair repair) =>
        new()
        {
            Kind = repair.Kind,
            Text = repair.Text,
            Executable = repair.IsExecutable,
            Destroys = [.. repair.Destroys.Select(s => s.Guid)],
            DestroysNames = [.. repair.Destroys.Select(s => s.Label)],
            LosesWrites = repair.LosesWrites,
            ResendBytes = repair.ResendBytes,
        };

    private static string Text(ReplicationDecision decision, string target) =>
        decision switch
        {
            UpToDate done => $"{target} holds everything, up to @{done.Newest.Label}.",
            Full full =>
                $"First replication to {target}: {Arriving(full.Steps)}, up to @{Last(full.Steps)}{AbortFirst(full.Abort)}.",
            Incremental increment =>
                $"Bring {target} from {Name(increment.Base)} to @{Last(increment.Steps)}: {Arriving(increment.Steps)}{AbortFirst(increment.Abort)}.",
            Resume resume =>
                $"Finish the receive of @{Last([resume.Step])} that was cut, after {DataSize.InWords(resume.Step.Token.ReceivedBytes)}.",
            AbortPartial abort => abort.Detail,
            ApprovedRepair approved => $"Approved: {approved.Option.Text}",
            Conflict conflict => conflict.Evidence.Summary,
            Nothing nothing => nothing.Detail,
            _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "not a decision of this version"),
        };

    private static List<string> Evidence(ReplicationDecision decision)
    {
        var lines = new List<string>();
        if (decision.IsMatchedByName)
            lines.Add("A host reports no guids: snapshots were matched by name and creation second.");
        if (decision is UpToDate { TargetWrittenBytes: > 0 and var written })
            lines.Add(
                $"{DataSize.InWords(written)} were written on the target since; the next snapshot will not be accepted as things are."
            );
        if (decision is not Conflict { Evidence: var evidence })
            return lines;
        if (evidence.NewestCommon is { } common)
            lines.Add($"Newest in common: {Name(common)} (guid {common.Guid}).");
        Listed(lines, "Only on the source", evidence.SourceOnly);
        Listed(lines, "Only on the target", evidence.TargetOnly);
        if (evidence.ClashingLabels.Count > 0)
            lines.Add($"The same name for different snapshots: {Names(evidence.ClashingLabels)}.");
        if (evidence.WrittenBytes is > 0 and var bytes)
            lines.Add($"Written on the target since its newest snapshot: {DataSize.InWords(bytes)}.");
        if (evidence.FoundAt is { } elsewhere)
            lines.Add($"The target has this history as {elsewhere}.");
        return lines;
    }

    private static void Listed(List<string> lines, string what, IReadOnlyList<Snapshot> snapshots)
    {
        if (snapshots.Count > 0)
            lines.Add($"{what}: {Names([.. snapshots.Select(s => s.Label)])}.");
    }

    private static string Names(IReadOnlyList<string> labels) =>
        string.Join(", ", labels.Take(MostListed).Select(l => "@" + l))
        + (labels.Count > MostListed ? $" and {labels.Count - MostListed} more" : "");

    private static string Name(Anchor anchor) => $"{(anchor.IsBookmark ? "the bookmark #" : "@")}{anchor.Label}";

    private static string Last(IReadOnlyList<SendStep> steps) => Step(steps[^1]).ToName;

    private static string Arriving(IReadOnlyList<SendStep> steps)
    {
        var count = steps.Sum(s => s is SendStep.Range range ? range.Arriving.Count : 1);
        return count == 1
            ? "one snapshot"
            : $"{count} snapshots in {steps.Count} {(steps.Count == 1 ? "step" : "steps")}";
    }

    private static string AbortFirst(TokenVerdict? verdict) =>
        verdict is null ? "" : ", after discarding a partial receive that is of no use";

    private static ulong? Estimate(List<InstructionStep> steps)
    {
        if (steps.Count == 0 || steps.Any(s => s.EstimatedBytes is null))
            return null;
        return steps.Aggregate(0UL, (sum, s) => sum + s.EstimatedBytes!.Value);
    }
}
