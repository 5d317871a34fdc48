using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent;

/// <summary>
/// Questions that come while another is being answered wait for it, and are then asked together: one process answers many.
/// So an answer is never older than its question. One that fails together with others is asked again by itself.
/// </summary>
internal sealed class Gathering<TKey, TAnswer>
    where TKey : notnull
{
    /// <summary>Answers different questions at once.</summary>
    public delegate Task<Func<TKey, TAnswer>> Answering(IReadOnlyList<TKey> keys, CancellationToken cancellation);

    private readonly Lock _gate = new();
    private readonly Turns _oneAtATime = new(1);
    private readonly List<Question> _waiting = [];

    /// <param name="answering">The same for all who ask here.</param>
    public async Task<TAnswer> AskAsync(TKey key, Answering answering, CancellationToken cancellation)
    {
        var question = new Question(key);
        lock (_gate)
            _waiting.Add(question);
        try
        {
            await _oneAtATime.TakeAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
                _waiting.Remove(question);
            throw;
        }
        try
        {
            if (!question.IsAnswered)
                await AnswerAsync(question, answering, cancellation);
            return question.Fault is { } fault ? throw fault : question.Answer!;
        }
        finally
        {
            _oneAtATime.GiveBack();
        }
    }

    private async Task AnswerAsync(Question own, Answering answering, CancellationToken cancellation)
    {
        List<Question> together;
        lock (_gate)
        {
            // Without its own, this one has failed together with others before.
            together = _waiting.Contains(own) ? [.. _waiting] : [own];
            _waiting.RemoveAll(together.Contains);
        }
        try
        {
            var answers = await answering([.. together.Select(question => question.Key).Distinct()], cancellation);
            together.ForEach(question => question.Answer = answers(question.Key));
        }
        catch (ToolException fault) when (fault.Kind == ToolErrorKind.Unreachable)
        {
            // Nobody else will reach the host now, and each try takes its time.
            together.ForEach(question => question.Fault = fault);
        }
    }

    private sealed class Question(TKey key)
    {
        public TKey Key { get; } = key;

        public bool IsAnswered { get; private set; }

        public TAnswer? Answer
        {
            get;
            set
            {
                field = value;
                IsAnswered = true;
            }
        }

        public Exception? Fault
        {
            get;
            set
            {
                field = value;
                IsAnswered = true;
            }
        }
    }
}
