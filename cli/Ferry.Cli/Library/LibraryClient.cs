using Ferry.Cli.Remote;
using Ferry.Contracts;
using Ferry.Contracts.Library;

namespace Ferry.Cli.Library;

/// <summary>The API of the library.</summary>
internal sealed class LibraryClient(FerryClient client)
{
    private static readonly Failure Unknown = new() { Code = "LIBRARY_UNKNOWN", Message = "There is no machine of that name in the library", Remedy = "See ferry library list" };

    public Task<LibraryPage> ListAsync(CancellationToken cancellationToken) =>
        client.RequestAsync<LibraryPage>(HttpMethod.Get, "api/v1/library", null, Unknown, cancellationToken);

    public Task<LibraryMachineView> AddAsync(LibraryAddRequest request, CancellationToken cancellationToken) =>
        client.RequestAsync<LibraryMachineView>(HttpMethod.Post, "api/v1/library", request, Unknown, cancellationToken);

    public Task<LibraryMachineView> GetAsync(string name, CancellationToken cancellationToken) =>
        client.RequestAsync<LibraryMachineView>(HttpMethod.Get, Path(name), null, Unknown, cancellationToken);

    public Task<LibraryVerificationView> VerifyAsync(string name, CancellationToken cancellationToken) =>
        client.RequestAsync<LibraryVerificationView>(HttpMethod.Post, $"{Path(name)}/verify", null, Unknown, cancellationToken);

    public Task<LibraryMachineView> RemoveAsync(string name, CancellationToken cancellationToken) =>
        client.RequestAsync<LibraryMachineView>(HttpMethod.Delete, Path(name), null, Unknown, cancellationToken);

    private static string Path(string name) => $"api/v1/library/{Uri.EscapeDataString(name)}";
}
