using ZfsSync.Core.Display;

namespace ZfsSync.Testing.Differential;

/// <summary>
/// One command of a sequence. <c>S</c> and <c>T</c> at the start of a name are the sequence's own datasets on the two
/// pools; <c>$3</c> is the token that step 3 left.
/// </summary>
public abstract record SequenceStep(int Number)
{
    /// <summary>As a line of sh, with its own datasets' real names.</summary>
    public abstract string Shell(Func<string, string> real);

    /// <summary>What it is, for counting: <c>zfs rename</c>, <c>write</c>, <c>receive</c>.</summary>
    public abstract string Kind { get; }

    public sealed override string ToString() => Shell(word => word);

    /// <summary>Quotes what needs it.</summary>
    protected static string Join(IEnumerable<string> words, Func<string, string> real) =>
        string.Join(
            ' ',
            words.Select(word => word.StartsWith('$') ? $"$token_{word[1..]}" : ShellQuoter.Quote(real(word)))
        );
}

/// <summary><c>zfs</c> with these arguments.</summary>
public sealed record ZfsStep(int Number, params IReadOnlyList<string> Arguments) : SequenceStep(Number)
{
    public override string Shell(Func<string, string> real) => Join(["zfs", .. Arguments], real);

    public override string Kind => $"zfs {Arguments[0]}";
}

/// <summary>New content for a file of a mounted filesystem that can be written; otherwise it fails.</summary>
public sealed record WriteStep(int Number, string Dataset, string File, int Bytes) : SequenceStep(Number)
{
    public override string Shell(Func<string, string> real) =>
        $"head -c {Bytes} /dev/urandom >/{real(Dataset)}/{File} && zpool sync";

    public override string Kind => "write";
}

/// <summary><c>zfs send</c> into <c>zfs receive</c>; of a cut stream the token is kept.</summary>
public sealed record TransferStep(
    int Number,
    IReadOnlyList<string> Send,
    IReadOnlyList<string> Receive,
    StreamCut Cut = StreamCut.None
) : SequenceStep(Number)
{
    /// <summary>The dataset that receives, when the arguments name it.</summary>
    public string Into => Receive[^1].Split('@')[0];

    public override string Shell(Func<string, string> real)
    {
        var send = Join(["zfs", "send", .. Send], real);
        var receive = Join(["zfs", "receive", .. Receive], real);
        var token = $"; token_{Number}=$(zfs get -H -o value receive_resume_token {ShellQuoter.Quote(real(Into))})";
        return Cut switch
        {
            StreamCut.None => $"{send} | {receive}",
            StreamCut.Half =>
                $"{send} >/tmp/stream; head -c $(($(stat -c %s /tmp/stream) / 2)) /tmp/stream | {receive}{token}",
            _ => $"{send} | head -c -{EndBytes} | {receive}{token}",
        };
    }

    public override string Kind => Cut == StreamCut.None ? "receive" : "cut receive";

    /// <summary>What a stream cut near its end lacks.</summary>
    public const int EndBytes = 500;
}

/// <summary>How much of a stream arrives.</summary>
public enum StreamCut
{
    None,
    Half,
    NearEnd,
}
