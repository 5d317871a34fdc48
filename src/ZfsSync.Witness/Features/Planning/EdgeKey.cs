using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>What an edge is: its id stays the same as long as these do.</summary>
internal sealed record EdgeKey(Guid GroupId, string LogicalDataset, Place Source, Place Target)
{
    /// <summary>16 hexadecimal digits of a hash over the parts; a NUL, which no name can hold, keeps them apart.</summary>
    public string Id
    {
        get
        {
            var text = string.Join(
                '\0',
                GroupId,
                LogicalDataset,
                Source.SystemId,
                Source.Root,
                Target.SystemId,
                Target.Root
            );
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
            return BinaryPrimitives.ReadUInt64BigEndian(hash).ToString("x16");
        }
    }

    public string SourceDataset => Source.NameOf(LogicalDataset);

    public string TargetDataset => Target.NameOf(LogicalDataset);
}
