using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Streams;

/// <summary>
/// The text of a resume token: <c>1-checksum-length-payload</c>, all hex; the payload is a packed name-value list in zlib,
/// the checksum the first word of its fletcher-4.
/// </summary>
internal static class ResumeTokenText
{
    private const int TypeBoolean = 1;
    private const int TypeUInt64 = 8;
    private const int TypeString = 9;

    public static string Encode(PartialReceive partial)
    {
        var packed = Pack(Fields(partial));
        var compressed = Compress(packed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"1-{Checksum(compressed):x}-{packed.Length:x}-{Convert.ToHexStringLower(compressed)}"
        );
    }

    /// <summary>The fields in zfs's order; a value is a number, a text, or true for a flag.</summary>
    public static IReadOnlyList<KeyValuePair<string, object>> Fields(PartialReceive partial)
    {
        var fields = new List<KeyValuePair<string, object>>();
        var begin = partial.Begin;
        if (!begin.IsFull)
            fields.Add(new("fromguid", begin.FromGuid));
        fields.Add(new("object", partial.ObjectNumber));
        fields.Add(new("offset", partial.Offset));
        fields.Add(new("bytes", (ulong)partial.ReceivedBytes));
        fields.Add(new("toguid", begin.ToGuid));
        fields.Add(new("toname", begin.ToName));
        AddFlag("largeblockok", begin.HasLargeBlocks);
        AddFlag("embedok", begin.HasEmbedded);
        AddFlag("compressok", begin.IsCompressed);
        AddFlag("rawok", begin.IsRaw);
        return fields;

        void AddFlag(string name, bool isSet)
        {
            if (isSet)
                fields.Add(new(name, true));
        }
    }

    /// <summary>The fields of a token, or why it is corrupt, in zfs's words.</summary>
    public static Dictionary<string, object> Decode(string token)
    {
        var parts = token.Split('-');
        if (
            parts.Length != 4
            || !TryHex(parts[1], out var checksum)
            || !TryHex(parts[2], out var length)
            || parts[0].Length == 0
        )
            throw new FormatException("invalid format");
        if (parts[0] != "1")
            throw new FormatException($"invalid version {parts[0]}");
        byte[] compressed;
        try
        {
            compressed = Convert.FromHexString(parts[3].Length % 2 == 0 ? parts[3] : parts[3][..^1]);
        }
        catch (FormatException e)
        {
            throw new FormatException("payload is not hex-encoded", e);
        }
        if (Checksum(compressed) != checksum)
            throw new FormatException("incorrect checksum");
        return Unpack(Decompress(compressed, (int)length));
    }

    private static bool TryHex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static byte[] Pack(IReadOnlyList<KeyValuePair<string, object>> fields)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write([0, 1, 0, 0]); // native encoding, little endian
        writer.Write(0); // version
        writer.Write(1); // unique names
        foreach (var (name, value) in fields)
            PackPair(writer, name, value);
        writer.Write(0);
        return bytes.ToArray();
    }

    private static void PackPair(BinaryWriter writer, string name, object value)
    {
        var nameBytes = Padded(16, name);
        var valueBytes = value switch
        {
            ulong number => BitConverter.GetBytes(number),
            string text => Padded(0, text),
            _ => [],
        };
        writer.Write(16 + nameBytes.Length + valueBytes.Length);
        writer.Write((short)(Encoding.UTF8.GetByteCount(name) + 1));
        writer.Write((short)0);
        writer.Write(value is bool ? 0 : 1);
        writer.Write(
            value switch
            {
                ulong => TypeUInt64,
                string => TypeString,
                _ => TypeBoolean,
            }
        );
        writer.Write(nameBytes);
        writer.Write(valueBytes);
    }

    /// <summary>The text, its end, and zeros up to the next multiple of eight.</summary>
    private static byte[] Padded(int before, string text)
    {
        var length = (before + Encoding.UTF8.GetByteCount(text) + 1 + 7) / 8 * 8 - before;
        var bytes = new byte[length];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private static Dictionary<string, object> Unpack(byte[] packed)
    {
        var fields = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var at = 12; ; )
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(at));
            if (size == 0)
                return fields;
            var nameLength = BinaryPrimitives.ReadInt16LittleEndian(packed.AsSpan(at + 4));
            var type = BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(at + 12));
            var name = Encoding.UTF8.GetString(packed, at + 16, nameLength - 1);
            var value = packed.AsSpan(at + (16 + nameLength + 7) / 8 * 8);
            fields[name] = type switch
            {
                TypeUInt64 => BinaryPrimitives.ReadUInt64LittleEndian(value),
                TypeString => Encoding.UTF8.GetString(value[..value.IndexOf((byte)0)]),
                _ => true,
            };
            at += size;
        }
    }

    private static byte[] Compress(byte[] data)
    {
        var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.Optimal))
            zlib.Write(data);
        return bytes.ToArray();
    }

    private static byte[] Decompress(byte[] compressed, int length)
    {
        try
        {
            var data = new byte[length];
            using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
            zlib.ReadExactly(data);
            return data;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FormatException("decompression failed", e);
        }
    }

    private static ulong Checksum(byte[] data)
    {
        ulong sum = 0;
        for (var at = 0; at + 4 <= data.Length; at += 4)
            sum += BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at));
        return sum;
    }
}
