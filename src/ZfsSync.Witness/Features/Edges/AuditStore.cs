using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>Who did what that matters: written in the transaction of the act itself.</summary>
internal sealed class AuditStore
{
    public Task WriteAsync(
        Session session,
        Caller caller,
        string act,
        string subject,
        string detail,
        DateTimeOffset now
    ) =>
        session.ExecuteAsync(
            """
            insert into audit (at, key_id, caller, act, subject, detail)
            values (@now, @KeyId, @Name, @act, @subject, @detail)
            """,
            new
            {
                now,
                caller.KeyId,
                caller.Name,
                act,
                subject,
                detail,
            }
        );
}
