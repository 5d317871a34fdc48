namespace ZfsSync.Witness.Features.Pages;

/// <summary>Marks an endpoint as a page for people: without a session they are sent to the sign-in page instead of an error.</summary>
internal sealed record PageMark
{
    public static readonly PageMark Instance = new();
}
