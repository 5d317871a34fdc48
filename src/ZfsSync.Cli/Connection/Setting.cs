namespace ZfsSync.Cli.Connection;

/// <summary>A value and where it came from; for a secret the value is null when it is absent and never shown.</summary>
internal sealed record Setting(string? Value, string Origin);
