using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ZfsSync.Core.Tests.Replication;

/// <summary>Writes resume tokens as zfs does, of either byte order, to read them back.</summary>
internal sealed class TokenText(bool isBigEndian = false)
{
    private readonly MemoryStream list = Begin(isBigEndian);

    public static string Of(
        ulong toGuid,
        string toName,
        ulong? fromGuid = null,
        bool raw = false,
        bool large = false,
        ulong bytes = 4096,
        bool isBigEndian = false
    )
    {
        var token = new TokenText(isBigEndian);
        if (fromGuid is { } from)
            token.Number("fromguid", from);
        token
            .Number("object", 1)
            .Number("offset", 0)
            .Number("bytes", bytes)
            .Number("toguid", toGuid)
            .String("toname", toName);
        if (large)
            token.Flag("largeblockok");
        token.Flag("embedok").Flag("compressok");
        if (raw)
            token.Flag("rawok");
        return token.Finish();
    }

    public TokenText Number(string name, ulong value)
    {
        var bytes = new byte[8];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Pair(name, 8, 1, bytes);
    }

    public TokenText String(string name, string value) => Pair(name, 9, 1, Padded(value));

    public TokenText Flag(string name) => Pair(name, 1, 0, []);

    /// <summary>An array of numbers, as redaction lists are: nothing that we read.</summary>
    public TokenText Numbers(string name, int count) => Pair(name, 16, count, new byte[8 * count]);

    public string Finish(Func<byte[], byte[]>? damage = null)
    {
        list.Write(Int32(0));
        var packed = list.ToArray();
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionMode.Compress, leaveOpen: true))
            zlib.Write(damage is null ? packed : damage(packed));
        return Wrap(compressed.ToArray(), packed.Length, isBigEndian);
    }

    public static string Wrap(byte[] payload, int packedLength, bool isBigEndian = false)
    {
        ulong sum = 0;
        for (var i = 0; i + 4 <= payload.Length; i += 4)
            sum += isBigEndian
                ? BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(i))
                : BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(i));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"1-{sum:x}-{packedLength:x}-{Convert.ToHexStringLower(payload)}"
        );
    }

    private static MemoryStream Begin(bool isBigEndian)
    {
        var stream = new MemoryStream();
        stream.Write([0, isBigEndian ? (byte)0 : (byte)1, 0, 0]);
        stream.Write(new byte[4]);
        stream.Write(isBigEndian ? [0, 0, 0, 1] : [1, 0, 0, 0]);
        return stream;
    }

    private TokenText Pair(string name, int type, int count, byte[] value)
    {
        var padded = Padded(name, 16);
        list.Write(Int32(16 + padded.Length + value.Length));
        list.Write(Int16((short)(name.Length + 1)));
        list.Write(new byte[2]);
        list.Write(Int32(count));
        list.Write(Int32(type));
        list.Write(padded);
        list.Write(value);
        return this;
    }

    private static byte[] Padded(string text, int before = 0)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        return [.. bytes, .. new byte[(((before + bytes.Length + 1) + 7) & ~7) - before - bytes.Length]];
    }

    private byte[] Int32(int value)
    {
        var bytes = BitConverter.GetBytes(value);
        return isBigEndian == BitConverter.IsLittleEndian ? [.. bytes.Reverse()] : bytes;
    }

    private byte[] Int16(short value)
    {
        var bytes = BitConverter.GetBytes(value);
        return isBigEndian == BitConverter.IsLittleEndian ? [.. bytes.Reverse()] : bytes;
    }
}
