using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;

namespace ZfsSync.Witness.Storage;

/// <summary>All that differs between the databases. Two real ones: SQLite and PostgreSQL.</summary>
internal abstract partial class DatabaseDialect : IAsyncDisposable
{
    /// <summary>The folder of its migrations.</summary>
    public abstract string Name { get; }

    /// <summary>Where it is, without secrets.</summary>
    public abstract string Shown { get; }

    /// <summary>Whether writers must wait for each other here, and not in the database.</summary>
    public virtual bool HasOneWriter => false;

    /// <summary>Whether several processes may serve the same database, and tell each other through it.</summary>
    public virtual bool HasReplicas => false;

    /// <summary>Run first in the migrator's transaction, so that replicas that start together migrate once.</summary>
    public virtual string? MigrationLockSql => null;

    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellation);

    /// <summary>A transaction for writing, which on SQLite takes the write lock at once.</summary>
    /// <param name="durable">
    /// Whether its commit waits until the disk has it. One that does not is made durable by the next that does, and is
    /// lost, whole, only when the power fails before.
    /// </param>
    public abstract Task<DbTransaction> BeginAsync(
        DbConnection connection,
        bool durable,
        CancellationToken cancellation
    );

    /// <summary>Ends it; durable when this returns.</summary>
    public virtual Task CommitAsync(DbTransaction transaction) => transaction.CommitAsync(CancellationToken.None);

    /// <summary>Inserts many rows fast, in the session's transaction.</summary>
    public abstract Task<RowWriter> WriteRowsAsync(
        Session session,
        string table,
        IReadOnlyList<string> columns,
        CancellationToken cancellation
    );

    /// <summary>Runs one statement for many rows, each row's values being <c>$1</c>, <c>$2</c>, …, in the session's transaction.</summary>
    /// <param name="changes">Gets how many rows each run changed, at the latest when the writer is complete.</param>
    public abstract RowWriter RunForRows(Session session, string sql, List<int> changes);

    /// <summary>The row that a reader stands at, for lists of thousands.</summary>
    public abstract RowReader RowOf(DbDataReader reader);

    /// <summary>A statement with lists, <c>id in @ids</c>, in the form that this database takes them in: one parameter each.</summary>
    public abstract (string Sql, object Arguments) WithLists(string sql, object arguments);

    /// <param name="test">What <c> in @list</c> is here; <c>$1</c> stands for the name.</param>
    protected static (string Sql, object Arguments) WithLists(
        string sql,
        object arguments,
        string test,
        Func<IEnumerable<string>, object> texts,
        Func<IEnumerable<long>, object> numbers
    )
    {
        var parameters = new DynamicParameters();
        foreach (var property in arguments.GetType().GetProperties())
        {
            var value = property.GetValue(arguments);
            parameters.Add(
                property.Name,
                value switch
                {
                    string => value,
                    IEnumerable<string> list => texts(list),
                    IEnumerable<long> list => numbers(list),
                    _ => value,
                }
            );
        }
        return (ListTest().Replace(sql, test), parameters);
    }

    [GeneratedRegex(@" in @(\w+)")]
    private static partial Regex ListTest();

    /// <summary>Whether the same transaction may succeed when it is tried again.</summary>
    public abstract bool IsRetryable(DbException fault);

    /// <summary>Hears what any process says on a channel, until the connection breaks or it is cancelled.</summary>
    /// <param name="channel">A name without quotes.</param>
    /// <param name="began">Called when everything said from now on is heard.</param>
    /// <param name="heard">Called with what was said; also by this process.</param>
    /// <param name="cancellation">Ends it.</param>
    public virtual Task ListenAsync(
        string channel,
        Action began,
        Action<string> heard,
        CancellationToken cancellation
    ) => throw new NotSupportedException($"{Name} has no replicas.");

    /// <summary>Says something to every process that listens.</summary>
    public virtual Task NotifyAsync(string channel, string text, CancellationToken cancellation) =>
        throw new NotSupportedException($"{Name} has no replicas.");

    /// <summary>What a person can do about it, or null when this is no fault of the database's place or state.</summary>
    public abstract string? Remedy(Exception fault);

    /// <summary>Whether another program keeps everybody from writing, which was waited for already.</summary>
    public virtual bool IsLocked(Exception fault) => false;

    /// <summary>Whether the cause of a fault is there although a small write went well: damage elsewhere, next to no room.</summary>
    public virtual Task<bool> PersistsAsync(Exception fault, CancellationToken cancellation) => Task.FromResult(false);

    public abstract ValueTask DisposeAsync();
}
