namespace ZfsSync.Agent;

/// <summary>The agent cannot start or go on; the message says why and what to do.</summary>
public sealed class AgentException(string message, Exception? inner = null) : Exception(message, inner);
