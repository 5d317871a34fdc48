using System.Data;
using Dapper;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Storage;

/// <summary>
/// How values are kept, the same in both databases: ids as text, instants as microseconds since 1970, unsigned
/// 64-bit numbers bit by bit in a signed column.
/// </summary>
internal static class ColumnMapping
{
    private static readonly Lazy<bool> Once = new(() =>
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        Map(new IdHandler());
        Map(new InstantHandler());
        Map(new UnsignedHandler());
        Map(new GuidHandler());
        return true;
    });

    public static void Register() => _ = Once.Value;

    public static long ToMicroseconds(DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static long ToColumn(ulong value) => unchecked((long)value);

    public static long? ToColumn(ulong? value) => value is { } number ? ToColumn(number) : null;

    public static long? ToColumn(DateTimeOffset? instant) => instant is { } at ? ToMicroseconds(at) : null;

    public static long ToColumn(SnapshotGuid guid) => ToColumn(guid.Value);

    /// <summary>A text for a list of ids, which Dapper does not map itself.</summary>
    public static string ToColumn(Guid id) => id.ToString("D");

    private static void Map<T>(SqlMapper.TypeHandler<T> handler)
        where T : struct
    {
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.RemoveTypeMap(typeof(T?));
        SqlMapper.AddTypeHandler(handler);
    }

    private sealed class IdHandler : SqlMapper.TypeHandler<Guid>
    {
        public override Guid Parse(object value) => Guid.Parse((string)value);

        public override void SetValue(IDbDataParameter parameter, Guid value)
        {
            parameter.DbType = DbType.String;
            parameter.Value = ToColumn(value);
        }
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => FromMicroseconds((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = ToMicroseconds(value);
        }
    }

    private sealed class UnsignedHandler : SqlMapper.TypeHandler<ulong>
    {
        public override ulong Parse(object value) => unchecked((ulong)(long)value);

        public override void SetValue(IDbDataParameter parameter, ulong value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = ToColumn(value);
        }
    }

    private sealed class GuidHandler : SqlMapper.TypeHandler<SnapshotGuid>
    {
        public override SnapshotGuid Parse(object value) => new(unchecked((ulong)(long)value));

        public override void SetValue(IDbDataParameter parameter, SnapshotGuid value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = ToColumn(value);
        }
    }
}
