using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Http;

/// <summary>
/// Reads the lists that reports consist of, several times faster than by reflection. As strict as
/// <see cref="WireOptions.Requests"/>, which say what is wrong where this only refuses.
/// </summary>
internal sealed class ReportedSnapshotsReader : JsonConverter<IReadOnlyList<ReportedSnapshot>>
{
    [Flags]
    private enum Members
    {
        None = 0,
        Guid = 1,
        Name = 2,
        Createtxg = 4,
        Creation = 8,
        Used = 16,
        Referenced = 32,
        Written = 64,
        Userrefs = 128,
        Required = Guid | Name | Createtxg,
    }

    private static readonly (byte[] Name, Members Member)[] Names =
    [
        ("guid"u8.ToArray(), Members.Guid),
        ("name"u8.ToArray(), Members.Name),
        ("createtxg"u8.ToArray(), Members.Createtxg),
        ("creation"u8.ToArray(), Members.Creation),
        ("used"u8.ToArray(), Members.Used),
        ("referenced"u8.ToArray(), Members.Referenced),
        ("written"u8.ToArray(), Members.Written),
        ("userrefs"u8.ToArray(), Members.Userrefs),
    ];

    public override IReadOnlyList<ReportedSnapshot> Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        Require(reader.TokenType == JsonTokenType.StartArray);
        var list = new List<ReportedSnapshot>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(reader.TokenType == JsonTokenType.StartObject);
            list.Add(ReadOne(ref reader));
        }
        return list;
    }

    public override void Write(
        Utf8JsonWriter writer,
        IReadOnlyList<ReportedSnapshot> value,
        JsonSerializerOptions options
    ) => throw new NotSupportedException("Requests are read, not written.");

    private static ReportedSnapshot ReadOne(ref Utf8JsonReader reader)
    {
        var seen = Members.None;
        var next = 0;
        SnapshotGuid guid = default;
        var name = "";
        ulong createtxg = 0;
        long? creation = null;
        ulong? used = null;
        ulong? referenced = null;
        ulong? written = null;
        uint? userrefs = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberOf(ref reader, ref next);
            Require((seen & member) == Members.None);
            seen |= member;
            Require(reader.Read());
            switch (member)
            {
                case Members.Guid:
                    guid = Guid(ref reader);
                    break;
                case Members.Name:
                    Require(reader.TokenType == JsonTokenType.String);
                    name = reader.GetString()!;
                    break;
                case Members.Createtxg:
                    createtxg = Number(ref reader) ?? throw new JsonException();
                    break;
                case Members.Creation:
                    creation = SignedNumber(ref reader);
                    break;
                case Members.Used:
                    used = Number(ref reader);
                    break;
                case Members.Referenced:
                    referenced = Number(ref reader);
                    break;
                case Members.Written:
                    written = Number(ref reader);
                    break;
                default:
                    var holds = Number(ref reader);
                    Require(holds is null or <= uint.MaxValue);
                    userrefs = (uint?)holds;
                    break;
            }
        }
        Require((seen & Members.Required) == Members.Required);
        return new ReportedSnapshot(guid, name, createtxg)
        {
            Creation = creation,
            Used = used,
            Referenced = referenced,
            Written = written,
            Userrefs = userrefs,
        };
    }

    /// <summary>Agents write members in one order, so the one after the last is tried first.</summary>
    private static Members MemberOf(ref Utf8JsonReader reader, ref int next)
    {
        for (var tried = 0; tried < Names.Length; tried++)
        {
            var (name, member) = Names[next];
            next = (next + 1) % Names.Length;
            if (reader.ValueTextEquals(name))
                return member;
        }
        throw new JsonException();
    }

    /// <summary>As <see cref="Contracts.Json.SnapshotGuidConverter"/> reads it, without a string for each.</summary>
    private static SnapshotGuid Guid(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var number) && number != 0)
            return new SnapshotGuid(number);
        Require(reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped);
        if (reader.ValueSpan.SequenceEqual("0"u8))
            return SnapshotGuid.Unknown;
        Require(ulong.TryParse(reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number));
        Require(number != 0);
        return new SnapshotGuid(number);
    }

    private static ulong? Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var number)
            ? number
            : throw new JsonException();
    }

    private static long? SignedNumber(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
            ? number
            : throw new JsonException();
    }

    private static void Require(bool holds)
    {
        if (!holds)
            throw new JsonException();
    }
}
