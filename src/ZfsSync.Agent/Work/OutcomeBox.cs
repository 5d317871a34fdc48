using ZfsSync.Contracts.Client;

namespace ZfsSync.Agent.Work;

/// <summary>Outcomes that the witness does not have yet. Each is sent until it is acknowledged; the witness takes it twice without harm.</summary>
internal sealed class OutcomeBox(WitnessClient client, InstructionJournal journal, AgentLog log)
{
    private readonly Lock _gate = new();
    private readonly Turns _oneAtATime = new(1);
    private readonly Dictionary<Guid, JournalEntry> _entries = [];

    /// <summary>Those that are not tidy: holds may be left on a source.</summary>
    public IReadOnlyList<JournalEntry> Untidy
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values.Where(entry => !entry.IsTidy).OrderBy(entry => entry.StartedAt)];
        }
    }

    /// <summary>Keeps an entry with an outcome, written or not.</summary>
    public void Put(JournalEntry entry)
    {
        journal.Write(entry);
        lock (_gate)
        {
            if (entry.IsDone)
                _entries.Remove(entry.Instruction.InstructionId);
            else
                _entries[entry.Instruction.InstructionId] = entry;
        }
    }

    /// <summary>Takes in what a former run left in the journal.</summary>
    public void Restore(JournalEntry entry)
    {
        lock (_gate)
            _entries[entry.Instruction.InstructionId] = entry;
    }

    /// <summary>Sends what is open.</summary>
    /// <exception cref="WitnessException">The witness was not reached; the rest stays.</exception>
    public async Task SendAsync(CancellationToken cancellation)
    {
        // Runs that end together would each send what all of them left.
        await _oneAtATime.TakeAsync(cancellation);
        try
        {
            while (Open() is { } entry)
                await SendAsync(entry, cancellation);
        }
        finally
        {
            _oneAtATime.GiveBack();
        }
    }

    private JournalEntry? Open()
    {
        lock (_gate)
            return _entries.Values.Where(entry => !entry.IsAcknowledged).MinBy(entry => entry.StartedAt);
    }

    private async Task SendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        try
        {
            await client.OutcomeAsync(entry.Instruction.InstructionId, entry.Outcome!, cancellation);
        }
        catch (WitnessException fault) when (fault.Status is >= 400 and < 500 and not (401 or 408 or 429))
        {
            log(
                AgentLogLevel.Warning,
                $"The witness does not want the outcome of {entry.Instruction.Target.Dataset} any more: {fault.Message}"
            );
        }
        Put(entry with { IsAcknowledged = true });
    }
}
