namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>
/// One thing that happens, as data: where and how come from numbers that are taken modulo what there is, so that an event
/// still means something when others before it are taken away.
/// </summary>
internal sealed record FaultEvent(FaultKind Kind, int Host, int Which, int Amount)
{
    public override string ToString() => $"new(FaultKind.{Kind}, {Host}, {Which}, {Amount})";
}
