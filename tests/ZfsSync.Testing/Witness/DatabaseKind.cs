namespace ZfsSync.Testing.Witness;

/// <summary>The databases that the witness runs on.</summary>
public enum DatabaseKind
{
    Sqlite,
    Postgres,
}
