using ZfsSync.Agent.Execution;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent;

/// <summary>
/// Questions that come while another is being answered wait for it, and are then asked together: one process answers many.
/// So an answer is never older than its question. One that fails together with others is asked again by itself.
/// </summary>
/// <remarks>
/// Companions go on at the same time, one just before the others. So where there are any, the first to ask waits a moment for
/// them; the moment is short beside what an answer takes.
/// </remarks>
internal sealed class Gathering<TKey, TAnswer>(Companions companions, TimeProvider time)
    where TKey : notnull
{
    /// <summary>So many moments are an answer.</summary>
    private const int MomentsOfAnswer = 8;

    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(50);

    /// <summary>Answers different questions at once.</summary>
    public delegate Task<Func<TKey, TAnswer>> Answering(IReadOnlyList<TKey> keys, CancellationToken cancellation);

    private readonly Lock _gate = new();
    private readonly Turns _oneAtATime = new(1);
    private readonly List<Question> _waiting = [];
    private TimeSpan _moment;

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
            Forget(question);
            throw;
        }
        try
        {
            if (!question.IsAnswered)
                await AnswerAsync(question, answering, cancellation);
            return question.Fault is { } fault ? throw fault : question.Answer!;
        }
        catch (OperationCanceledException)
        {
            Forget(question);
            throw;
        }
        finally
        {
            _oneAtATime.GiveBack();
        }
    }

    /// <summary>Nobody asks for one who has given up: a question may be a hold.</summary>
    private void Forget(Question question)
    {
        lock (_gate)
            _waiting.Remove(question);
    }

    private async Task AnswerAsync(Question own, Answering answering, CancellationToken cancellation)
    {
        if (companions.AreSeveral && _moment > TimeSpan.Zero)
            await Task.Delay(_moment, time, cancellation);
        var started = time.GetTimestamp();
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
        var moment = time.GetElapsedTime(started) / MomentsOfAnswer;
        _moment = moment < LongestMoment ? moment : LongestMoment;
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
