package dev.tributary.electric;

import dev.tributary.Credential;
import dev.tributary.CredentialProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the application says with each request. Suppliers are asked for every one of them; what an error hook gave is put
 * over their answers from then on.
 */
final class RequestSuppliers implements CredentialProvider {

    private final @Nullable Supplier<? extends @Nullable String> token;
    private final Map<String, Supplier<? extends @Nullable String>> headers;
    private final Map<String, Supplier<? extends @Nullable String>> parameters;
    private final Electric.@Nullable ErrorHook hook;
    /** Whether asking again may bring something else. */
    private final boolean mayChange;

    private Credential repairs = Credential.NONE;

    RequestSuppliers(
            @Nullable Supplier<? extends @Nullable String> token,
            Map<String, Supplier<? extends @Nullable String>> headers,
            Map<String, Supplier<? extends @Nullable String>> parameters,
            Electric.@Nullable ErrorHook hook,
            boolean mayChange) {
        this.token = token;
        this.headers = new LinkedHashMap<>(headers);
        this.parameters = new LinkedHashMap<>(parameters);
        this.hook = hook;
        this.mayChange = mayChange;
    }

    @Override
    public CompletionStage<@Nullable Credential> get(@Nullable Throwable refusal) {
        if (refusal != null && !repair(refusal)) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.completedFuture(supplied().merge(repaired()));
    }

    /** Whether it is worth trying again. */
    private boolean repair(Throwable refusal) {
        if (hook == null || !(refusal instanceof ElectricException error)) {
            return mayChange;
        }
        Credential repair = hook.onError(error);
        if (repair == null) {
            return false;
        }
        synchronized (this) {
            repairs = repairs.merge(repair);
        }
        return true;
    }

    private synchronized Credential repaired() {
        return repairs;
    }

    /** A supplier that gives null says nothing. */
    private Credential supplied() {
        String word = token == null ? null : token.get();
        Credential credential = word == null ? Credential.NONE : Credential.token(word);
        for (Map.Entry<String, Supplier<? extends @Nullable String>> header : headers.entrySet()) {
            String value = header.getValue().get();
            credential = value == null ? credential : credential.withHeader(header.getKey(), value);
        }
        for (Map.Entry<String, Supplier<? extends @Nullable String>> parameter : parameters.entrySet()) {
            String value = parameter.getValue().get();
            credential = value == null ? credential : credential.withParameter(parameter.getKey(), value);
        }
        return credential;
    }

    /** Shows nothing. */
    @Override
    public String toString() {
        return "***";
    }
}
