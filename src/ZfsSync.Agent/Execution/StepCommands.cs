using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;

namespace ZfsSync.Agent.Execution;

/// <summary>Turns the guids of a plan into the names that the source has for them now. The plan was checked before (<see cref="Expectations"/>).</summary>
internal static class StepCommands
{
    public static SendStep ToSend(InstructionStep step, SourceLists source)
    {
        var end =
            source.Snapshot(step.ToGuid)
            ?? throw new RefusedException(RefusedException.StalePlan, $"@{step.ToName} does not exist any more.");
        return step.Kind switch
        {
            StepKind.Full => new SendStep.Full(end),
            StepKind.Resume => new SendStep.Resume(
                new ResumeToken(step.Token!, step.ToGuid, null, source.NameOf(end).ToString(), 0)
            ),
            StepKind.Incremental => new SendStep.Incremental(Base(step, source), end),
            StepKind.Range => new SendStep.Range(
                source.Snapshot(step.FromGuid)!,
                [
                    .. source.Snapshots.Where(snapshot =>
                        step.ArrivingGuids!.Contains(snapshot.Guid) && snapshot.CreateTxg <= end.CreateTxg
                    ),
                ]
            ),
            _ => throw new RefusedException(RefusedException.Unsupported, $"No command for {step.Kind}."),
        };
    }

    /// <summary>A snapshot is preferred; its bookmark serves when it is gone.</summary>
    private static Anchor Base(InstructionStep step, SourceLists source) =>
        source.Snapshot(step.FromGuid) is { } snapshot ? new Anchor(snapshot.Guid, snapshot.Label, IsBookmark: false)
        : source.Bookmark(step.FromGuid) is { } bookmark ? new Anchor(bookmark.Guid, bookmark.Label, IsBookmark: true)
        : throw new RefusedException(RefusedException.StalePlan, $"The base {step.FromName} does not exist any more.");
}
