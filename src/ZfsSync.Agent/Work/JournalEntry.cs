using System.Text.Json;
using System.Text.Json.Nodes;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;

namespace ZfsSync.Agent.Work;

/// <summary>What the agent wrote down about one instruction: that it began, how it ended, and what is still to be done about it.</summary>
internal sealed record JournalEntry
{
    public required ClaimAnswer Claim { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it runs, and after a crash.</summary>
    public OutcomeReport? Outcome { get; init; }

    /// <summary>Whether the witness has the outcome.</summary>
    public bool IsAcknowledged { get; init; }

    /// <summary>Whether no hold of ours is left on the source.</summary>
    public bool IsTidy { get; init; }

    public Instruction Instruction => Claim.Instruction;

    public bool IsDone => Outcome is not null && IsAcknowledged && IsTidy;

    public byte[] ToBytes()
    {
        var json = new JsonObject
        {
            ["started_at"] = StartedAt,
            ["acknowledged"] = IsAcknowledged,
            ["tidy"] = IsTidy,
            ["claim"] = JsonSerializer.SerializeToNode(Claim, WireJson.Default.ClaimAnswer),
        };
        if (Outcome is not null)
            json["outcome"] = JsonSerializer.SerializeToNode(Outcome, WireJson.Default.OutcomeReport);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            json.WriteTo(writer);
        return bytes.ToArray();
    }

    /// <exception cref="JsonException">The bytes are not an entry.</exception>
    public static JournalEntry Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = JsonNode.Parse(bytes) as JsonObject ?? throw new JsonException("It is not an object.");
            return new JournalEntry
            {
                StartedAt = json["started_at"]!.GetValue<DateTimeOffset>(),
                IsAcknowledged = json["acknowledged"]!.GetValue<bool>(),
                IsTidy = json["tidy"]!.GetValue<bool>(),
                Claim =
                    json["claim"].Deserialize(WireJson.Default.ClaimAnswer)
                    ?? throw new JsonException("It has no claim."),
                Outcome = json["outcome"]?.Deserialize(WireJson.Default.OutcomeReport),
            };
        }
        catch (Exception fault) when (fault is NullReferenceException or InvalidOperationException or FormatException)
        {
            throw new JsonException("A field is missing or of another type.", fault);
        }
    }
}
