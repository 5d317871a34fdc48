using System.Text.Json;
using System.Text.Json.Serialization;
using ZfsSync.Agent.Storage;

namespace ZfsSync.Agent.Identity;

/// <summary>Who this agent is to its witness. Kept in a file that only its owner reads.</summary>
public sealed record AgentIdentity
{
    /// <summary>The witness that gave it.</summary>
    public required Uri Witness { get; init; }

    /// <summary>The host's id there.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>The host's name there.</summary>
    public required string Hostname { get; init; }

    /// <summary>The random id of this installation: tells two agents with a copied key apart.</summary>
    public required string AgentId { get; init; }

    /// <summary>The host's key. Secret.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Hostname} ({SystemId}) at {Witness}";

    /// <summary>Writes it, mode 0600, so that a crash leaves the old file or the new one.</summary>
    public void Save(string keyFile) =>
        DurableFile.Write(keyFile, JsonSerializer.SerializeToUtf8Bytes(this, IdentityJson.Default.AgentIdentity), true);

    /// <summary>Reads it; null when the host has not joined.</summary>
    /// <exception cref="AgentException">The file is there and cannot be used.</exception>
    public static AgentIdentity? TryLoad(string keyFile)
    {
        try
        {
            using var file = File.OpenRead(keyFile);
            return JsonSerializer.Deserialize(file, IdentityJson.Default.AgentIdentity)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException fault)
        {
            throw new AgentException(
                $"The key file {keyFile} is damaged ({fault.Message}). Join again with a new enrollment token: zfs-sync join.",
                fault
            );
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new AgentException($"The key file {keyFile} cannot be read: run as its owner.", fault);
        }
    }

    /// <summary>Like <see cref="TryLoad"/>, for a host that must have joined.</summary>
    /// <exception cref="AgentException">It has not joined, or the file cannot be used.</exception>
    public static AgentIdentity Load(string keyFile) =>
        TryLoad(keyFile)
        ?? throw new AgentException(
            $"This host has not joined a witness: {keyFile} does not exist. Join with: zfs-sync join WITNESS TOKEN."
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AgentIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
