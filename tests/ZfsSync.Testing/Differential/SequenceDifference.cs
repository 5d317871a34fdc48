namespace ZfsSync.Testing.Differential;

/// <summary>The first difference between the model and a real ZFS on a sequence.</summary>
/// <param name="At">The index of the command after which they differ.</param>
/// <param name="What">How.</param>
public sealed record SequenceDifference(int At, string What);
