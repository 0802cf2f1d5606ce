using Ferry.Contracts;
using Ferry.Contracts.Library;
using Ferry.Hosting.Library;
using Ferry.Transfer.Library;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ferry.Transfer.Api;

/// <summary>The endpoints of the library behind the gateway.</summary>
public static class LibraryApi
{
    /// <summary>Maps the routes below <c>/api/v1/library</c>.</summary>
    public static IEndpointRouteBuilder MapLibraryApi(this IEndpointRouteBuilder routes)
    {
        var machines = routes.MapGroup("/api/v1/library").WithTags("Library");
        machines.MapGet("/", (LibraryCatalog catalog, CancellationToken cancellationToken) => catalog.ListAsync(cancellationToken))
            .WithName("ListLibrary").WithSummary("The machines of the library by name, also those that are being added, or could not be.");
        machines.MapGet("/{name}", GetAsync).WithName("GetLibraryMachine").WithSummary("One machine with its files and its last verification.");
        machines.MapPost("/", AddAsync).WithName("AddLibraryMachine")
            .WithSummary("Begins to bring a machine's files into the library, by a transfer job with the id of the request. It appears when all files are there and verified. The same request again is the same machine (200); a name that is taken is refused (409).")
            .ProducesProblem(StatusCodes.Status409Conflict);
        machines.MapPost("/{name}/verify", VerifyAsync).WithName("VerifyLibraryMachine")
            .WithSummary("Begins to read every file and compare it with its size and SHA-256, or finds the verification that runs; its result is in the machine's view.");
        machines.MapDelete("/{name}", RemoveAsync).WithName("RemoveLibraryMachine")
            .WithSummary("Removes a machine, or gives up adding it. Refused (409) while a conversion that has not ended reads it; 202 when that is not known within ten seconds, then it goes by itself.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Results<Accepted<LibraryMachineView>, Ok<LibraryMachineView>, ValidationProblem, ProblemHttpResult>> AddAsync(
        LibraryAddRequest request, LibraryShare library, LibraryAdding adding, LibraryCatalog catalog, CancellationToken cancellationToken)
    {
        if (LibraryRequestValidator.Validate(request) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors, extensions: Code(TransferErrors.LibraryInvalid));
        }

        if (library.Folder is null)
        {
            return Conflict(TransferErrors.LibraryUnknown, $"There is no library here: set {LibraryOptions.SectionName}:{nameof(LibraryOptions.Folder)}.");
        }

        try
        {
            var (name, created) = await adding.AddAsync(request, cancellationToken);
            return await catalog.GetAsync(name, cancellationToken) is not { } view ? Conflict(TransferErrors.LibraryUnknown, "It was removed meanwhile.")
                : created ? TypedResults.Accepted($"/api/v1/library/{Uri.EscapeDataString(name)}", view)
                : TypedResults.Ok(view);
        }
        catch (LibraryRefusedException exception)
        {
            return Conflict(exception.Failure);
        }
    }

    private static async Task<Results<Ok<LibraryMachineView>, NotFound>> GetAsync(string name, LibraryCatalog catalog, CancellationToken cancellationToken) =>
        await catalog.GetAsync(name, cancellationToken) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();

    private static async Task<Results<Accepted<LibraryVerificationView>, NotFound, ProblemHttpResult>> VerifyAsync(
        string name, LibraryCatalog catalog, LibraryVerifications verifications, CancellationToken cancellationToken) =>
        await catalog.GetAsync(name, cancellationToken) switch
        {
            null => TypedResults.NotFound(),
            { AddedAt: null, Failure: { } failure } => Conflict(failure),
            { AddedAt: null } => Conflict(TransferErrors.LibraryUnknown, "The machine is not complete yet."),
            { } machine => TypedResults.Accepted(
                $"/api/v1/library/{Uri.EscapeDataString(machine.Name)}", (await verifications.BeginAsync(machine.Name, cancellationToken)).ToView()),
        };

    private static async Task<Results<Ok<LibraryMachineView>, Accepted<LibraryMachineView>, NotFound, ProblemHttpResult>> RemoveAsync(
        string name, LibraryCatalog catalog, LibraryRemoval removal, CancellationToken cancellationToken)
    {
        try
        {
            var view = await catalog.GetAsync(name, cancellationToken);
            return view is null ? TypedResults.NotFound() : await removal.RemoveAsync(view.Name, cancellationToken) switch
            {
                null => TypedResults.NotFound(),
                true => TypedResults.Ok(view with { State = LibraryMachineState.Removing }),
                false => TypedResults.Accepted($"/api/v1/library/{Uri.EscapeDataString(view.Name)}", view with { State = LibraryMachineState.Removing }),
            };
        }
        catch (LibraryRefusedException exception)
        {
            return Conflict(exception.Failure);
        }
    }

    private static ProblemHttpResult Conflict(Failure failure) => Conflict(failure.Code, $"{failure.Message} {failure.Remedy}".TrimEnd());

    private static ProblemHttpResult Conflict(string code, string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict, extensions: Code(code));

    private static Dictionary<string, object?> Code(string code) => new() { ["code"] = code };
}
