namespace ZfsSync.Contracts.Systems;

/// <summary>A host's new key, shown only now.</summary>
/// <param name="SystemId">The host.</param>
/// <param name="ApiKey">The key.</param>
public sealed record SystemKeyAnswer(Guid SystemId, string ApiKey);
