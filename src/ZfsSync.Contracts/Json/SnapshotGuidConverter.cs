using System.Text.Json;
using System.Text.Json.Serialization;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Json;

/// <summary>
/// Guids travel as decimal strings, because many JSON readers hold numbers in 53 bits. A plain number is accepted too.
/// The string "0" stands for a snapshot whose host reports no guid, in what the witness says of it.
/// </summary>
public sealed class SnapshotGuidConverter : JsonConverter<SnapshotGuid>
{
    /// <inheritdoc/>
    public override SnapshotGuid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var number) && number != 0)
            return new SnapshotGuid(number);
        if (reader.TokenType == JsonTokenType.String && SnapshotGuid.TryParse(reader.GetString(), out var guid))
            return guid;
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("0"u8))
            return SnapshotGuid.Unknown;
        throw new JsonException("A guid is a decimal number from 1 to 18446744073709551615, as a string.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, SnapshotGuid value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
