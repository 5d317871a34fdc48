namespace ZfsSync.Agent;

/// <summary>Gets each line that the agent has to say, from any thread. Its host decides where lines go.</summary>
public delegate void AgentLog(AgentLogLevel level, string text);
