namespace ZfsSync.Witness.Hosting;

/// <summary>The witness cannot start, and a person can do something about it: the message says what.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
