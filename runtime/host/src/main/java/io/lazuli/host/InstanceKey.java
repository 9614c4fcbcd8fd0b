package io.lazuli.host;

/** Names one instance: {@code deployment/role/index}. */
public record InstanceKey(String deployment, String role, int index) implements Comparable<InstanceKey> {

    /** @throws IllegalArgumentException if the text is not {@code deployment/role/index} */
    public static InstanceKey parse(String text) {
        String[] parts = text.split("/", -1);
        try {
            if (parts.length == 3 && !parts[0].isEmpty() && !parts[1].isEmpty()) {
                return new InstanceKey(parts[0], parts[1], Integer.parseInt(parts[2]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("an instance is named deployment/role/index, not '" + text + "'", e);
        }
        throw new IllegalArgumentException("an instance is named deployment/role/index, not '" + text + "'");
    }

    @Override
    public int compareTo(InstanceKey other) {
        int c = deployment.compareTo(other.deployment);
        c = c != 0 ? c : role.compareTo(other.role);
        return c != 0 ? c : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return deployment + "/" + role + "/" + index;
    }
}
