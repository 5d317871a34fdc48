namespace ZfsSync.Core.Snapshots;

/// <summary>The encryption of an encrypted dataset.</summary>
/// <param name="Root">The dataset whose key it uses (property <c>encryptionroot</c>).</param>
/// <param name="IsKeyLoaded">Whether the key is loaded (property <c>keystatus</c> is <c>available</c>).</param>
public sealed record DatasetEncryption(DatasetName Root, bool IsKeyLoaded);
