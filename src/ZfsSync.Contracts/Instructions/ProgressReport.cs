namespace ZfsSync.Contracts.Instructions;

/// <summary>The body of <c>POST /instructions/{id}/progress</c>; renews the lease.</summary>
/// <param name="LeaseId">The lease.</param>
/// <param name="Step">The step that runs, from 0.</param>
/// <param name="Bytes">Moved so far, over all steps.</param>
public sealed record ProgressReport(Guid LeaseId, int Step, long Bytes);
