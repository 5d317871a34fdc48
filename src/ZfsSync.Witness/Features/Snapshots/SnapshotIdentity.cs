using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>
/// What tells two snapshots of one dataset apart: the guid, or, where a host reports none, name and creation second
/// hashed into a number of the same size. With the dataset's row id it makes the id that the API shows.
/// </summary>
internal static class SnapshotIdentity
{
    public static SnapshotGuid Of(SnapshotGuid? guid, string name, DateTimeOffset? createdAt) =>
        guid is { IsUnknown: false } known ? known : WithoutGuid(name, createdAt);

    public static SnapshotGuid WithoutGuid(string name, DateTimeOffset? createdAt)
    {
        var text = $"{name}@{createdAt?.ToUnixTimeSeconds()}";
        var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new SnapshotGuid(hash == 0 ? 1 : hash);
    }

    public static Guid ToId(long datasetId, SnapshotGuid guid)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, datasetId);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], guid.Value);
        return new Guid(bytes, bigEndian: true);
    }

    public static (long DatasetId, SnapshotGuid Guid) FromId(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            new SnapshotGuid(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        );
    }
}
