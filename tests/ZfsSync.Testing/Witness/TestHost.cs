using ZfsSync.Contracts.Client;

namespace ZfsSync.Testing.Witness;

/// <summary>A host that joined a <see cref="TestWitness"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hostname">Its name.</param>
/// <param name="Key">Its key.</param>
/// <param name="Client">The API with its key.</param>
public sealed record TestHost(Guid Id, string Hostname, string Key, WitnessClient Client);
