using ZfsSync.Contracts.Edges;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>An edge as shown, with the ends of its two histories.</summary>
internal sealed record EdgeSnapshot(EdgeResource Edge, HistoryEnd? Source, HistoryEnd? Target);
