using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Compression;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>
/// Reads the property <c>receive_resume_token</c> without zfs: <c>1-checksum-length-payload</c>, all in hex; the payload
/// is zlib data of a packed nvlist, the checksum the first word of its fletcher-4, the length that of the packed list
/// (dsl_dataset.c get_receive_resume_token_impl, libzfs_sendrecv.c zfs_send_resume_token_to_nvlist).
/// </summary>
public static class ResumeTokenParser
{
    private const int MaxTextChars = 1 << 20;
    private const int MaxPackedBytes = 1 << 20;

    /// <summary>The token's content; or, as the end of a sentence that starts with "the token", why it cannot be read.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out ResumeToken? token,
        [NotNullWhen(false)] out string? fault
    )
    {
        token = null;
        fault = TryUnpack(text, out var packed);
        if (fault is not null)
            return false;
        if (!NvPairs.TryRead(packed, out var pairs))
            fault = "holds no readable list";
        else if (pairs.Number("toguid") is not (> 0 and var toGuid))
            fault = "does not name the snapshot it brings (toguid)";
        else if (pairs.Text("toname") is not { } toName)
            fault = "does not name the snapshot it brings (toname)";
        else
            token = new ResumeToken(
                text,
                new SnapshotGuid(toGuid),
                pairs.Number("fromguid") is > 0 and var from ? new SnapshotGuid(from) : null,
                toName,
                pairs.Number("bytes") ?? 0
            )
            {
                IsRaw = pairs.Flag("rawok"),
                HasLargeBlocks = pairs.Flag("largeblockok"),
                IsCompressed = pairs.Flag("compressok"),
                HasEmbedded = pairs.Flag("embedok"),
            };
        return token is not null;
    }

    private static string? TryUnpack(string text, out byte[] packed)
    {
        packed = [];
        if (text.Length > MaxTextChars)
            return $"has {text.Length} characters, more than {MaxTextChars}";
        var parts = text.Split('-');
        if (parts.Length != 4)
            return "does not have four parts between dashes";
        if (parts[0] != "1")
            return $"has version '{parts[0]}'; only 1 is known";
        if (!TryHex(parts[1], out var checksum) || !TryHex(parts[2], out var length))
            return "has a checksum or length that is not a hex number";
        if (length > MaxPackedBytes)
            return $"says that it unpacks to {length} bytes, more than {MaxPackedBytes}";
        if (parts[3].Length % 2 != 0 || !parts[3].All(char.IsAsciiHexDigit))
            return "has a payload that is not hex";
        var payload = Convert.FromHexString(parts[3]);
        if (!Fletcher4Matches(payload, checksum))
            return "has a wrong checksum";
        packed = new byte[length];
        return TryInflate(payload, packed) ? null : "cannot be decompressed to the length that it says";
    }

    private static bool TryHex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    /// <summary>The first word of fletcher-4 is the sum of the 32-bit words, in the byte order of the host that made the token.</summary>
    private static bool Fletcher4Matches(ReadOnlySpan<byte> payload, ulong checksum)
    {
        ulong little = 0;
        ulong big = 0;
        for (; payload.Length >= sizeof(uint); payload = payload[sizeof(uint)..])
        {
            little += BinaryPrimitives.ReadUInt32LittleEndian(payload);
            big += BinaryPrimitives.ReadUInt32BigEndian(payload);
        }
        return checksum == little || checksum == big;
    }

    private static bool TryInflate(byte[] payload, byte[] packed)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(payload), CompressionMode.Decompress);
            return stream.ReadAtLeast(packed, packed.Length, throwOnEndOfStream: false) == packed.Length
                && stream.ReadByte() < 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
