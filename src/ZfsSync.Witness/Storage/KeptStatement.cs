using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace ZfsSync.Witness.Storage;

/// <summary>A command that runs a prepared statement of its connection's, and leaves it there for the next of the same text.</summary>
internal sealed class KeptStatement(KeptConnection connection) : DbCommand
{
    private SqliteCommand? taken;
    private SqliteTransaction? transaction;
    private bool hasFailed;

    [AllowNull]
    public override string CommandText
    {
        get => taken?.CommandText ?? "";
        set
        {
            if (taken is null)
                Take(value ?? "");
            else
                taken.CommandText = value;
        }
    }

    public override int CommandTimeout
    {
        get => Statement.CommandTimeout;
        set => Statement.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => Statement.CommandType;
        set => Statement.CommandType = value;
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("A kept statement belongs to its connection.");
    }

    protected override DbParameterCollection DbParameterCollection => Statement.Parameters;

    protected override DbTransaction? DbTransaction
    {
        get => transaction;
        // Often said before the text, by which a statement is taken.
        set
        {
            transaction = (SqliteTransaction?)value;
            if (taken is not null)
                taken.Transaction = transaction;
        }
    }

    private SqliteCommand Statement => taken ?? Take("");

    public override void Cancel() => Statement.Cancel();

    public override void Prepare() => Run(statement => statement.Prepare());

    public override int ExecuteNonQuery() => Run(statement => statement.ExecuteNonQuery());

    public override object? ExecuteScalar() => Run(statement => statement.ExecuteScalar());

    protected override DbParameter CreateDbParameter() => Statement.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        Run(statement => statement.ExecuteReader(behavior));

    protected override void Dispose(bool disposing)
    {
        if (disposing && taken is { } statement)
        {
            taken = null;
            if (hasFailed)
                statement.Dispose();
            else
                connection.GiveBack(statement);
        }
        base.Dispose(disposing);
    }

    private SqliteCommand Take(string text)
    {
        taken = connection.Take(text);
        taken.Transaction = transaction;
        return taken;
    }

    private void Run(Action<SqliteCommand> act) =>
        Run(statement =>
        {
            act(statement);
            return true;
        });

    private T Run<T>(Func<SqliteCommand, T> act)
    {
        try
        {
            return act(Statement);
        }
        catch
        {
            hasFailed = true;
            throw;
        }
    }
}
