import { useParams, useSearch } from "@tanstack/react-router";
import { OperationPage } from "~/features/operation/operation-page";

export function OperationRoute() {
  const { id } = useParams({ from: "/signed-in/operations/$id" });
  const { play } = useSearch({ from: "/signed-in/operations/$id" });
  return <OperationPage key={id} id={id} play={play} />;
}
