/*
 * first-boot.exe: a Windows service that runs the scripts of the first start on another platform and removes itself.
 *
 *   first-boot.exe service SECONDS       run by the service control manager; SECONDS is the limit of one script
 *   first-boot.exe adapter MAC SECONDS   waits for the adapter with that address; prints its index and id
 *   first-boot.exe rename INDEX HEX      gives an adapter the name HEX (UTF-16, little endian, as hexadecimal digits)
 *   first-boot.exe forget GUID           deletes the settings of an adapter that is not there
 *   first-boot.exe remove-absent         removes network adapters that are not there
 *
 * Beside it stand scripts\ and what the scripts need; the log is %SystemRoot%\Logs\ferry-first-boot.log.
 */
#include "first-boot.h"
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define DEFAULT_LIMIT_SECONDS 1800
#define WAIT_FOR_RESTART_MS 600000
#define RESTART_RETRY_MS 2000
#define RESTART_TRIES 60
/* How many starts a script may wait for what it needs. */
#define MOST_STARTS 20

static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop_event;
static DWORD limit_seconds = DEFAULT_LIMIT_SECONDS;
static wchar_t own_folder[LONGEST_PATH];

static void report(DWORD state)
{
    SERVICE_STATUS status = {
        .dwServiceType = SERVICE_WIN32_OWN_PROCESS,
        .dwCurrentState = state,
        .dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0,
        .dwWaitHint = state == SERVICE_STOP_PENDING ? 15000 : 0,
    };
    SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *context)
{
    (void)type;
    (void)data;
    (void)context;
    if (control == SERVICE_CONTROL_STOP || control == SERVICE_CONTROL_SHUTDOWN) {
        report(SERVICE_STOP_PENDING);
        SetEvent(stop_event);
        return NO_ERROR;
    }
    return control == SERVICE_CONTROL_INTERROGATE ? NO_ERROR : ERROR_CALL_NOT_IMPLEMENTED;
}

static void restart_windows(void)
{
    HANDLE token;
    TOKEN_PRIVILEGES rights = { .PrivilegeCount = 1, .Privileges[0].Attributes = SE_PRIVILEGE_ENABLED };
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token)) {
        LookupPrivilegeValueW(NULL, SE_SHUTDOWN_NAME, &rights.Privileges[0].Luid);
        AdjustTokenPrivileges(token, FALSE, &rights, 0, NULL, NULL);
        CloseHandle(token);
    }
    log_line("Windows restarts; what is left is run then");
    /* Early in a start Windows is not ready for it. */
    for (int i = 0; !InitiateSystemShutdownExW(NULL, NULL, 0, TRUE, TRUE, SHTDN_REASON_MAJOR_OPERATINGSYSTEM | SHTDN_REASON_MINOR_RECONFIG | SHTDN_REASON_FLAG_PLANNED); i++) {
        DWORD error = GetLastError();
        if (error == ERROR_SHUTDOWN_IN_PROGRESS || WaitForSingleObject(stop_event, RESTART_RETRY_MS) == WAIT_OBJECT_0)
            break;
        if (i == RESTART_TRIES) {
            log_line("Windows cannot be restarted: error %lu; what is left is run at the next start", error);
            return;
        }
    }
    WaitForSingleObject(stop_event, WAIT_FOR_RESTART_MS);
}

/* Which start this is; 0 where it cannot be told. */
static DWORD count_start(void)
{
    HKEY key;
    DWORD starts = 0, size = sizeof starts;
    if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services\\" SERVICE_NAME L"\\Parameters", 0, NULL, 0, KEY_QUERY_VALUE | KEY_SET_VALUE, NULL, &key, NULL) != ERROR_SUCCESS)
        return 0;
    if (RegQueryValueExW(key, L"Starts", NULL, NULL, (BYTE *)&starts, &size) != ERROR_SUCCESS)
        starts = 0;
    starts++;
    RegSetValueExW(key, L"Starts", 0, REG_DWORD, (const BYTE *)&starts, sizeof starts);
    RegCloseKey(key);
    return starts;
}

/* Deletes the service, then the folder by a process of its own, as a running program cannot delete itself. */
static void remove_myself(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = manager ? OpenServiceW(manager, SERVICE_NAME, DELETE) : NULL;
    if (!service || (!DeleteService(service) && GetLastError() != ERROR_SERVICE_MARKED_FOR_DELETE))
        log_line("the service cannot be removed: error %lu", GetLastError());
    else
        log_line("everything has run; the service is removed");
    if (service)
        CloseServiceHandle(service);
    if (manager)
        CloseServiceHandle(manager);

    wchar_t system[MAX_PATH], command[2 * LONGEST_PATH];
    if (!GetSystemDirectoryW(system, MAX_PATH))
        return;
    swprintf(command, 2 * LONGEST_PATH, L"\"%ls\\cmd.exe\" /d /c \"for %%i in (1 2 3 4 5) do (\"%ls\\ping.exe\" -n 3 127.0.0.1 >nul & rd /s /q \"%ls\")\"", system, system, own_folder);
    STARTUPINFOW start = { .cb = sizeof start };
    PROCESS_INFORMATION process;
    if (CreateProcessW(NULL, command, NULL, NULL, FALSE, CREATE_NO_WINDOW | DETACHED_PROCESS, NULL, system, &start, &process)) {
        CloseHandle(process.hThread);
        CloseHandle(process.hProcess);
    }
}

static void WINAPI service_main(DWORD count, wchar_t **values)
{
    (void)count;
    (void)values;
    wchar_t log[LONGEST_PATH], windows[MAX_PATH];
    stop_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    status_handle = RegisterServiceCtrlHandlerExW(SERVICE_NAME, on_control, NULL);
    if (!status_handle || !stop_event || !GetSystemWindowsDirectoryW(windows, MAX_PATH))
        return;
    report(SERVICE_RUNNING);
    swprintf(log, LONGEST_PATH, L"%ls\\Logs", windows);
    CreateDirectoryW(log, NULL);
    wcscat(log, L"\\ferry-first-boot.log");
    /* Without a log nothing is run: what it did could not be told. */
    if (log_open(log)) {
        switch (run_scripts(own_folder, limit_seconds, count_start() < MOST_STARTS, stop_event)) {
        case SCRIPTS_DONE:
            remove_myself();
            break;
        case SCRIPTS_WANT_RESTART:
            restart_windows();
            break;
        case SCRIPTS_LEFT:
            log_line("what is left is run at the next start");
            break;
        }
    }
    report(SERVICE_STOPPED);
}

static BOOL find_own_folder(void)
{
    DWORD length = GetModuleFileNameW(NULL, own_folder, LONGEST_PATH);
    wchar_t *slash = wcsrchr(own_folder, L'\\');
    if (length == 0 || length >= LONGEST_PATH || !slash)
        return FALSE;
    *slash = 0;
    return TRUE;
}

int wmain(int count, wchar_t **values)
{
    SERVICE_TABLE_ENTRYW services[] = { { (wchar_t *)SERVICE_NAME, service_main }, { NULL, NULL } };
    if (count >= 2 && !wcscmp(values[1], L"service")) {
        unsigned long seconds = count >= 3 ? wcstoul(values[2], NULL, 10) : 0;
        if (seconds > 0 && seconds < MAXDWORD / 1000)
            limit_seconds = seconds;
        return find_own_folder() && StartServiceCtrlDispatcherW(services) ? 0 : 1;
    }
    if (count == 4 && !wcscmp(values[1], L"adapter"))
        return adapter_find(values[2], wcstoul(values[3], NULL, 10));
    if (count == 4 && !wcscmp(values[1], L"rename"))
        return adapter_rename(values[2], values[3]);
    if (count == 3 && !wcscmp(values[1], L"forget"))
        return adapter_forget(values[2]);
    if (count == 2 && !wcscmp(values[1], L"remove-absent"))
        return adapters_remove_absent();
    fputs("usage: first-boot service SECONDS | adapter MAC SECONDS | rename INDEX HEX | forget GUID | remove-absent\n", stderr);
    return 2;
}
