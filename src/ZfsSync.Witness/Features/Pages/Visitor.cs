namespace ZfsSync.Witness.Features.Pages;

/// <summary>Who looks at a page, what they may do there, and the token that their forms carry.</summary>
public sealed record Visitor(string Name, string Role, bool MayOperate, string TokenField, string Token);
