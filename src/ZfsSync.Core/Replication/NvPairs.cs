using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ZfsSync.Core.Replication;

/// <summary>
/// The numbers, texts and flags of a packed nvlist in native encoding, of either byte order (libnvpair, nvs_native):
/// four bytes of header, version and flags, then pairs {size, name size, reserved, count, type, name padded to 8, value}
/// until a size of zero. Pairs of other types are skipped by their size.
/// </summary>
internal sealed class NvPairs
{
    private const int ListHeader = 12;
    private const int PairHeader = 16;
    private const int TypeFlag = 1;
    private const int TypeUInt64 = 8;
    private const int TypeString = 9;

    private readonly Dictionary<string, ulong> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);

    public ulong? Number(string name) => _numbers.TryGetValue(name, out var number) ? number : null;

    public string? Text(string name) => _texts.GetValueOrDefault(name);

    public bool Flag(string name) => _flags.Contains(name);

    public static bool TryRead(ReadOnlySpan<byte> packed, [NotNullWhen(true)] out NvPairs? pairs)
    {
        pairs = null;
        if (packed.Length < ListHeader + sizeof(int) || packed[0] != 0 || packed[1] > 1)
            return false;
        var isLittle = packed[1] == 1;
        var read = new NvPairs();
        for (var rest = packed[ListHeader..]; rest.Length >= sizeof(int); )
        {
            var size = Int32(rest, isLittle);
            if (size == 0)
            {
                pairs = read;
                return true;
            }
            if (size < PairHeader || size > rest.Length || !read.TryAdd(rest[..size], isLittle))
                return false;
            rest = rest[size..];
        }
        return false;
    }

    private bool TryAdd(ReadOnlySpan<byte> pair, bool isLittle)
    {
        int nameSize = isLittle
            ? BinaryPrimitives.ReadInt16LittleEndian(pair[4..])
            : BinaryPrimitives.ReadInt16BigEndian(pair[4..]);
        var valueAt = (PairHeader + nameSize + 7) & ~7;
        // The name's size counts the zero at its end.
        if (nameSize < 2 || valueAt > pair.Length || pair[PairHeader + nameSize - 1] != 0)
            return false;
        var name = Encoding.UTF8.GetString(pair.Slice(PairHeader, nameSize - 1));
        var value = pair[valueAt..];
        switch (Int32(pair[12..], isLittle))
        {
            case TypeFlag:
                _flags.Add(name);
                return true;
            case TypeUInt64 when value.Length >= sizeof(ulong):
                _numbers[name] = isLittle
                    ? BinaryPrimitives.ReadUInt64LittleEndian(value)
                    : BinaryPrimitives.ReadUInt64BigEndian(value);
                return true;
            case TypeString when value.IndexOf((byte)0) is >= 0 and var end:
                _texts[name] = Encoding.UTF8.GetString(value[..end]);
                return true;
            case TypeUInt64 or TypeString:
                return false;
            default:
                return true;
        }
    }

    private static int Int32(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadInt32BigEndian(bytes);
}
